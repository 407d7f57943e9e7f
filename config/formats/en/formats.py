"""How dates are written.

Records (the admin, the studio) have them in numbers, as days are named, searched for and filed.
Only what speaks to viewers in sentences spells the month out, as “24 November 2026”.
"""

DATE_FORMAT = SHORT_DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "Y-m-d H:i"
TIME_FORMAT = "H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
