"""Which promises are a buyer's business: SQL that a list and an index share.

Columns are those of ``supply_promise``; format them with the name of the table and a
dot, or with nothing.
"""

#: What sorts first, whatever its slack: nobody knows when it comes.
FIRST = -9999
#: What nobody agreed a day for sorts last.
LAST = 9999

#: Promises that a buyer can do something about: what has to be bought or made sure of,
#: and purchases that come too late. A deposit is the cashier's business as long as it
#: makes nobody late. Also the condition of an index, which alone is counted then.
HOT = (
    "{0}is_open AND {0}is_ordered AND ({0}quantity_short > 0 "
    "OR {0}purchase_line_id IS NOT NULL "
    "AND ({0}risk IN ('late', 'unknown') OR {0}confidence = 'low')) "
    "AND ({0}reason->>'code' <> 'deposit' OR {0}risk IN ('late', 'unknown'))"
)
#: In which order a buyer looks at those of one level of urgency.
RANK = (
    f"CASE {{0}}risk WHEN 'unknown' THEN {FIRST} WHEN 'open' THEN {LAST} "
    "ELSE {0}slack_days END"
)
