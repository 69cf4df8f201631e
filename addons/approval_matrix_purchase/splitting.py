"""Orders that stay below a limit one by one, and reach it together. Plain Python."""


def find_split(own, others, limits, choose):
    """Return the highest limit that amounts reach together, and none of them alone.

    Who reached a limit was asked about for that: it does not count for this limit, but
    for a higher one.

    :param float own: amount of the order that somebody looks at
    :param dict others: amounts of the orders beside it, by whatever names them
    :param limits: amounts at which another rule may begin
    :param choose: function that returns the rule for an amount, if that is another one
        than the order was submitted under
    :return: ``(limit, rule, names of the others that count)``; nothing where they reach
        no limit
    """
    for limit in sorted(limits, reverse=True):
        if limit <= own:
            break
        below = [name for name, amount in others.items() if amount < limit]
        if below and own + sum(others[name] for name in below) >= limit:
            rule = choose(limit)
            if rule:
                return limit, rule, below
    return None
