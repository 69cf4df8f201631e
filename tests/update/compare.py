"""What is different between two pictures, in sentences."""


def compare_rows(before, after, renamed=()):
    """Return what became of rows; new tables and columns are not told.

    :param before: rows by table and id, see ``picture.rows``
    :param after: likewise
    :param dict renamed: by *table.column* what a column is called after it
    :rtype: list[tuple]
    """
    renamed = dict(renamed)
    found = []
    for table, old in before.items():
        new = after.get(table)
        old = {
            key: {renamed.get(f"{table}.{name}", name): row[name] for name in row}
            for key, row in old.items()
        }
        if new is None:
            found.append((table, "the table is gone"))
            continue
        found += [(table, f"{key} is gone") for key in old.keys() - new.keys()]
        found += [(table, f"{key} is new") for key in new.keys() - old.keys()]
        gone = {name for row in old.values() for name in row} - {
            name for row in new.values() for name in row
        }
        found += [(f"{table}.{name}", "the column is gone") for name in gone if new]
        found += [
            (f"{table}.{name}", f"{key}: {value!r} became {new[key][name]!r}")
            for key in old.keys() & new.keys()
            for name, value in old[key].items()
            if name in new[key] and not is_kept(value, new[key][name])
        ]
    return sorted(found)


def is_kept(before, after):
    """Tell whether a value is what it was; it may have been translated further, or for
    the first time."""
    if isinstance(before, str) and isinstance(after, dict):
        return after.get("en_US") == before
    if isinstance(before, dict) and "en_US" in before and isinstance(after, dict):
        return before.items() <= after.items()
    return before == after


def compare(before, after, path=""):
    """Return the paths at which two values made of lists and dicts differ.

    What is only in the second is told too, except in dicts.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        found = []
        for key, value in before.items():
            place = f"{path}/{key}"
            if key not in after:
                found.append(f"{place}: {value!r} is gone")
            else:
                found += compare(value, after[key], place)
        return found
    if before != after:
        return [f"{path}: {before!r} became {after!r}"]
    return []
