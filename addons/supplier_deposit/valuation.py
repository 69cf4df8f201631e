"""What advances that keep their rate add to the worth of goods."""


def get_cost_account(line):
    """Return where what a line of a bill costs beyond its price is booked: goods at
    standard cost are worth no more for it."""
    product = line.product_id.with_company(line.company_id)
    is_standard = product.is_storable and product.cost_method == "standard"
    difference = product.categ_id.property_price_difference_account_id
    return is_standard and difference or line.account_id


def get_extra_cost(lines, date=None):
    """Return what lines of bills that deduct deposits cost beyond their price at the
    rate of the day: advances keep their rate, and rates may be typed.

    :param date: up to when
    """
    entries = lines.search(
        [
            ("cogs_origin_id", "in", lines.ids),
            ("move_id.deposit_exchange_id", "!=", False),
            ("parent_state", "=", "posted"),
            ("move_id.reversal_move_ids", "=", False),
            *([("date", "<=", date)] if date else []),
        ]
    )
    return sum(entries.mapped("balance")) + sum(
        line.balance
        - line.currency_id._convert(
            line.price_subtotal, line.company_currency_id, date=line.date
        )
        for line in lines
        if line.currency_id != line.company_currency_id
    )


def revalue(lines):
    """Value the goods that came for lines of bills anew."""
    lines._get_stock_moves().filtered("is_in")._set_value()
