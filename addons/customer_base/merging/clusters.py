"""Pairs that hang together: all who may be one customer."""


def find_clusters(pairs):
    """Return the smallest member of the cluster of each member.

    :param pairs: two members each, that can be ordered
    :rtype: dict
    """
    parents = {}

    def find(member):
        parents.setdefault(member, member)
        while parents[member] != member:
            parents[member] = parents[parents[member]]
            member = parents[member]
        return member

    for one, other in pairs:
        first, second = sorted((find(one), find(other)))
        parents[second] = first
    return {member: find(member) for member in parents}
