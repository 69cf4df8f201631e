"""What is paid, deducted and given back is computed from journal items now.

Items, payments and claims get their links here, states their new names. What has to be
computed is computed in the end, and not told as if somebody had changed it.
"""

BILLS = "supplier_deposit_bill"


def migrate(cr, version):
    _link_payments(cr)
    _link_bills(cr)
    _keep_claims(cr)
    _set_stages(cr)
    _set_titles(cr)
    _install_bills(cr)
    _name_states(cr)


def _name_states(cr):
    """No state waits for the bank any more, nor says what of the money is where."""
    cr.execute(
        """
        ALTER TABLE supplier_deposit DROP COLUMN IF EXISTS age;
        ALTER TABLE supplier_deposit ADD COLUMN IF NOT EXISTS amount_deducted numeric;
        ALTER TABLE supplier_deposit ADD COLUMN IF NOT EXISTS amount_forfeited numeric;
        ALTER TABLE supplier_deposit
            ADD COLUMN IF NOT EXISTS amount_compensated numeric;
        ALTER TABLE supplier_deposit ADD COLUMN IF NOT EXISTS amount_unpaid numeric;
        UPDATE supplier_deposit AS deposit
           SET state = CASE state WHEN 'refunded' THEN 'done' ELSE 'paid' END
         WHERE state IN ('applied', 'refund_awaited', 'refunded')
            OR state = 'due'
           AND (EXISTS (SELECT FROM account_payment
                         WHERE id = deposit.payment_id
                           AND state IN ('in_process', 'paid'))
                OR EXISTS (SELECT FROM account_move
                            WHERE id = deposit.bill_id
                              AND payment_state = 'in_payment'))
        """
    )


def _link_payments(cr):
    """One link of a payment, and one of the item that holds the money."""
    cr.execute(
        """
        ALTER TABLE account_payment ADD COLUMN IF NOT EXISTS deposit_id int4;
        ALTER TABLE account_move_line ADD COLUMN IF NOT EXISTS deposit_id int4;
        UPDATE account_payment
           SET deposit_id = deposit_refund_id
         WHERE deposit_refund_id IS NOT NULL;
        UPDATE account_payment AS payment
           SET deposit_id = deposit.id
          FROM supplier_deposit AS deposit
         WHERE deposit.payment_id = payment.id;
        UPDATE account_move_line AS item
           SET deposit_id = payment.deposit_id
          FROM account_payment AS payment
          JOIN supplier_deposit AS deposit ON deposit.payment_id = payment.id
         WHERE item.move_id = payment.move_id
           AND item.account_id = payment.destination_account_id
           AND (item.debit > 0 OR item.amount_currency > 0)
        """
    )


def _link_bills(cr):
    """Lines of deposit bills, of bills that take them back, of credit notes."""
    cr.execute(
        """
        UPDATE account_move_line AS item
           SET deposit_id = deposit.id
          FROM supplier_deposit AS deposit
         WHERE deposit.method = 'bill'
           AND deposit.order_line_id = item.purchase_line_id
           AND item.display_type = 'product'
        """
    )


def _keep_claims(cr):
    """Claims are records now; the table of that name was the one of a dialog."""
    cr.execute(
        """
        DROP TABLE IF EXISTS deposit_claim CASCADE;
        CREATE TABLE deposit_claim_before AS
            SELECT id AS deposit_id,
                   GREATEST(
                       amount_claimed,
                       CASE WHEN is_claimed OR state = 'refund_awaited'
                            THEN COALESCE(amount_open, 0) + COALESCE(amount_refunded, 0)
                            ELSE 0 END
                   ) AS amount
              FROM supplier_deposit
        """
    )


def _set_stages(cr):
    cr.execute(
        """
        ALTER TABLE supplier_deposit ADD COLUMN IF NOT EXISTS stage varchar;
        ALTER TABLE supplier_deposit ADD COLUMN IF NOT EXISTS deduction varchar;
        UPDATE supplier_deposit
           SET deduction = 'proportion',
               stage = CASE WHEN state IN ('planned', 'waiting', 'due', 'cancelled')
                            THEN state
                            WHEN is_order_ended THEN 'cancelled'
                            ELSE 'due' END
        """
    )


def _set_titles(cr):
    """The rest of a payment was a deposit of its own: it has no milestone now."""
    cr.execute(
        """
        ALTER TABLE supplier_deposit ADD COLUMN IF NOT EXISTS own_title varchar;
        ALTER TABLE supplier_deposit ALTER COLUMN milestone_id DROP NOT NULL;
        UPDATE supplier_deposit AS deposit
           SET own_title = line.name->>'en_US',
               milestone_id = NULL, percent = 0, fixed_amount = deposit.amount
          FROM deposit_rule_line AS line
         WHERE line.id = deposit.milestone_id AND deposit.part > 0
        """
    )


def _install_bills(cr):
    """Deposit bills have got an addon of their own: databases that use them get it."""
    cr.execute(
        """
        UPDATE ir_module_module
           SET state = 'to install'
         WHERE name = %s AND state = 'uninstalled'
           AND (EXISTS (SELECT FROM supplier_deposit WHERE method = 'bill')
                OR EXISTS (SELECT FROM deposit_rule WHERE method = 'bill'))
        """,
        [BILLS],
    )
