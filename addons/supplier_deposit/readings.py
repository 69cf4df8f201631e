"""What orders, bills and payments say, as deposits read it. Functions that only read:
the models of orders and bills tell deposits what happened, and not the other way."""

from collections import defaultdict

from .allocation import billed_share


def is_down_payment(line):
    """Tell whether a line of an order is money paid in advance, and orders nothing.

    Anybody in purchasing writes the flag: alone it changes nothing of what is ordered.
    """
    return line.is_downpayment and not line.product_qty


def get_base(order, base):
    """Return what percentages of deposits are taken of, in the order's currency.

    :param str base: ``untaxed`` or ``total``
    """
    lines = [line for line in order.order_line if not is_down_payment(line)]
    totals = order._approval_tax_totals(lines)
    return totals[f"{'base' if base == 'untaxed' else 'total'}_amount_currency"]


def get_expected(line):
    """Return what will have been billed of a line in the end, in its unit: what was
    ordered, or what has come where nothing more will."""
    is_over = line.move_ids and not set(line.move_ids.mapped("state")) - {
        "done",
        "cancel",
    }
    if is_over and line.product_id.purchase_method == "receive":
        return min(line.product_qty, line.qty_received)
    return line.product_qty


def lowers_price(item):
    """Tell whether a line of a credit note lowers the price of what was billed: it
    credits less a unit than was billed."""
    note, line = item.move_id, item.purchase_line_id
    if note.move_type != "in_refund" or not line:
        return False
    billed = note.reversed_entry_id.invoice_line_ids.filtered(
        lambda other: other.purchase_line_id == line
    )
    price = billed[:1].price_unit or line.price_unit
    return item.currency_id.compare_amounts(item.price_unit, price) < 0


def get_billed_share(order, drafts=()):
    """Return which part of an order has been billed.

    A credit note for a lower price is money, not goods that went back: it does not
    take back that they were billed.

    :param order: ``purchase.order``
    :param drafts: ``account.move`` records to count as if they were posted
    """
    lines = order.order_line.filtered(
        lambda line: (
            not line.display_type
            and (
                not is_down_payment(line)
                # flagged by somebody, and billed as goods
                or any(not item.deposit_id for item in line.invoice_lines)
            )
        )
    )
    billed = defaultdict(lambda: [0.0, 0.0])
    for item in lines.invoice_lines:
        move, line = item.move_id, item.purchase_line_id
        sign = {"in_invoice": 1, "in_refund": -1}.get(move.move_type, 0)
        is_posted = move.state == "posted" or move in drafts
        if not is_posted or lowers_price(item):
            continue
        billed[line][0] += sign * item.currency_id._convert(
            item.price_subtotal,
            order.currency_id,
            order.company_id,
            move.invoice_date or move.date,
        )
        billed[line][1] += sign * item.product_uom_id._compute_quantity(
            item.quantity, line.product_uom_id
        )
    return billed_share(
        (line.price_subtotal, get_expected(line), *billed[line]) for line in lines
    )


def is_price_credit(note):
    """Tell whether a credit note lowers prices, and nothing went back."""
    items = note.invoice_line_ids.filtered("purchase_line_id")
    return bool(items) and all(map(lowers_price, items))


def is_in_force(entry):
    """Tell whether an entry of ours stands: it has not been reversed."""
    reversals = entry.reversed_entry_id | entry.reversal_move_ids
    return entry.state == "posted" and not reversals


def get_deposits(matches):
    """Return the deposits whose money, or entries over parts of it, were matched.

    :param matches: ``account.partial.reconcile``
    """
    items = matches.debit_move_id
    return items.deposit_id | items.move_id.deposit_allocation_id


def get_covered(payment):
    """Return what of its deposit a payment pays, in the deposit's currency."""
    if payment.currency_id == payment.deposit_id.currency_id:
        return payment.amount
    return payment.deposit_amount or payment.deposit_id.amount_unpaid


def get_item(payment):
    """Return the item of a payment's entry that holds the money with the vendor."""
    return payment.move_id.line_ids.filtered(
        lambda line: (
            line.account_id == payment.destination_account_id
            and (line.debit or line.amount_currency > 0)
        )
    )
