"""Whether different people are left for all steps. Plain Python, no Odoo."""


def can_be_staffed(steps):
    """Tell whether each step can get its approvals so that nobody approves two.

    :param steps: for each step ``(people, needed)``: who may approve it, and how many
        of them must
    """
    places = [people for people, needed in steps for _place in range(needed)]
    if any(needed > len(set(people)) for people, needed in steps):
        return False
    place_of = {}

    def seat(place, asked):
        """Find somebody for a place; who has another one is moved, if possible."""
        for person in places[place]:
            if person in asked:
                continue
            asked.add(person)
            if person not in place_of or seat(place_of[person], asked):
                place_of[person] = place
                return True
        return False

    return all(seat(place, set()) for place in range(len(places)))
