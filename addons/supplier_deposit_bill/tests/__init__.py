from . import (
    test_attacks,
    test_bill,
    test_books,
    test_books_taxes,
    test_claims,
    test_netting,
)
