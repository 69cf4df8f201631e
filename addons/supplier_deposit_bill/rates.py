"""How an amount with taxes is divided over the rates it was billed with."""


def split_by_rate(amount, rates, weights, round_, unit):
    """Return how much, without taxes, of each rate makes up an amount with taxes.

    Rates that a bill has itself come first, as it bills them; others make up for what
    they cannot give. Whoever takes all that is left takes it to the last cent.

    :param float amount: with taxes
    :param dict rates: ``(what there is without taxes, with taxes for each of it)`` by
        rate
    :param dict weights: what a bill bills by rate
    :param round_: rounds an amount
    :param float unit: the least amount there is
    :return: amounts without taxes by rate, those of nothing left out
    :rtype: dict
    """
    left = {rate: net * factor for rate, (net, factor) in rates.items()}
    given = dict.fromkeys(rates, 0.0)
    for own in (True, False):
        rest = min(amount, sum(left.values())) - sum(given.values())
        wanted = {
            rate: max(0.0, weights.get(rate, 0.0) if own else left[rate] - given[rate])
            for rate in rates
        }
        total = sum(wanted.values())
        if rest > 0 and total:
            for rate, weight in wanted.items():
                part = min(rest * weight / total, left[rate] - given[rate])
                given[rate] += part
    # what is left was rounded once for each rate
    slack = unit * (len(rates) + 1)
    is_all = sum(left.values()) - amount < slack
    nets = {
        rate: round_(net if is_all else min(net, given[rate] / factor))
        for rate, (net, factor) in rates.items()
    }
    return {rate: net for rate, net in nets.items() if net}
