from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models import customer_duplicate
from .merging import MergeCommon


@tagged("post_install", "-at_install")
class TestDuplicates(MergeCommon):
    """Pairs that may be one customer, until somebody says whether they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.twin = cls._customer("Nguyen Thi Lan", phone="+84 912345678")
        cls.triplet = cls._customer("Nguyễn Thị Lan", phone="0912.345.678")
        cls.pairs = cls.env["customer.duplicate"]
        cls.lans = cls.lan + cls.twin + cls.triplet
        cls._run_job()

    @classmethod
    def _run_job(cls):
        cls.env.flush_all()
        cron = type(cls.env["ir.cron"])
        with patch.object(cron, "_commit_progress", lambda *_args, **_values: 1):
            cls.pairs._cron_find()

    def _found(self, partner, user=None):
        pairs = self.pairs.with_user(user or self.manager).search(
            self.pairs._get_open_domain()
        )
        pairs = pairs.filtered(lambda p: partner in (p.partner_id, p.other_id))
        return (pairs.partner_id | pairs.other_id) - partner

    def test_found_with_level_and_reasons(self):
        self.assertEqual(self._found(self.lan), self.twin + self.triplet)
        pair = self.pairs.search([("partner_id", "=", self.lan.id)], limit=1)
        self.assertEqual(pair.level, "sure")
        self.assertEqual(pair.reasons, "same telephone, same or similar name")

    def test_those_who_hang_together_are_one_group(self):
        pairs = self.pairs.search([("partner_id", "in", self.lans.ids)])
        self.assertEqual(set(pairs.mapped("cluster")), {self.lan.id})
        action = pairs[0].with_user(self.manager).action_compare()
        ((_set, _zero, ids),) = action["context"]["default_partner_ids"]
        self.assertEqual(set(ids), set(self.lans.ids))

    def test_not_a_duplicate_is_remembered(self):
        pair = self.pairs.search(
            [("partner_id", "=", self.lan.id), ("other_id", "=", self.twin.id)]
        )
        pair.with_user(self.manager).action_keep_apart()
        self.assertEqual(self._found(self.lan), self.triplet)
        self.assertEqual(self.pairs._get_decided(self.lan), {self.twin.id})
        self.twin.phone = "0912 345678"
        self._run_job()
        self.assertEqual(self._found(self.lan), self.triplet)

    def test_gone_when_they_differ(self):
        self.twin.write({"name": "Trần Văn Bình", "phone": "0903 111 222"})
        self._run_job()
        self.assertEqual(self._found(self.lan), self.triplet)

    def test_customers_of_two_companies_are_no_pair(self):
        """No merge takes them; each may be one with a customer of all companies."""
        other = self.env["res.company"].create({"name": "Other"})
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.env.company.id}
        )
        self.manager.company_ids += other + branch
        self.twin.company_id = self.env.company
        for company in other, branch:
            self.triplet.company_id = company
            self._run_job()
            pairs = self.pairs.search([("partner_id", "in", self.lans.ids)])
            self.assertEqual(
                {(pair.partner_id, pair.other_id) for pair in pairs},
                {(self.lan, self.twin), (self.lan, self.triplet)},
            )
        self.triplet.company_id = self.env.company
        self._run_job()
        pair = [("partner_id", "=", self.twin.id), ("other_id", "=", self.triplet.id)]
        self.assertTrue(self.pairs.search(pair))

    def test_new_ones_are_found(self):
        new = self._customer("Lan Nguyễn Thị", phone="0912345678")
        self._run_job()
        self.assertIn(new, self._found(self.lan))

    def test_written_long_before_it_is_committed(self):
        """The date of writing is when a transaction began: the job was there since."""
        new = self._customer("Lan Nguyễn Thị", phone="0912345678")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = write_date - interval '1 day' "
            "WHERE id = %s",
            (new.id,),
        )
        self._run_job()
        self.assertIn(new, self._found(self.lan))

    def test_those_from_before_are_found_whichever_job_is_first(self):
        """Their keys are written newest first, for minutes: none is passed over."""
        self.env.cr.execute("DELETE FROM customer_key")
        self.env.cr.execute("DELETE FROM customer_duplicate")
        self._run_job()
        self.assertFalse(self._found(self.lan))
        keys = self.env["customer.key"]
        keys._begin_filling()
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", lambda *_args, **_values: 1):
            keys._cron_fill()
        self._run_job()
        self.assertEqual(self._found(self.lan), self.twin + self.triplet)

    def test_who_comes_back_is_found(self):
        self.twin.active = False
        self._run_job()
        self.assertEqual(self._found(self.lan), self.triplet)
        self.env.cr.execute("DELETE FROM customer_duplicate")
        self.twin.active = True
        self._run_job()
        self.assertIn(self.lan, self._found(self.twin))

    def test_a_killed_job_goes_on_where_it_was(self):
        new = self._customer("Lan Nguyễn Thị", phone="0912345678")
        other = self._customer("Trần Văn Bình", phone="0903 111 222")
        third = self._customer("Trần Văn Bình", phone="0903 111 222")
        self.env.flush_all()
        cron = type(self.env["ir.cron"])
        with (
            patch.object(customer_duplicate, "BATCH", 1),
            patch.object(cron, "_commit_progress", lambda *_args, **_values: 0),
        ):
            self.pairs._cron_find()
        self.assertIn(new, self._found(self.lan))
        self.assertFalse(self._found(other))
        self._run_job()
        self.assertEqual(self._found(other), third)

    def test_who_is_deleted_is_no_longer_compared(self):
        gone = self._customer("Lan Nguyễn Thị", phone="0912345678")
        self.env.flush_all()
        gone.unlink()
        self._run_job()
        self.assertEqual(self._found(self.lan), self.twin + self.triplet)

    def test_merged_ones_are_gone_and_come_back(self):
        merge = self._merge(self.twin, survivor=self.lan)
        self.assertEqual(self._found(self.lan), self.triplet)
        merge._undo()
        self.assertEqual(self._found(self.lan), self.twin + self.triplet)

    def test_they_come_back_though_the_job_ran_meanwhile(self):
        merge = self._merge(self.twin, survivor=self.lan)
        self.triplet.city = "Huế"
        self._run_job()
        self.assertEqual(self._found(self.lan), self.triplet)
        merge._undo()
        self.assertIn(self.twin, self._found(self.triplet))

    def test_found_in_as_many_batches_as_it_takes(self):
        """Nobody is left out or looked at twice."""
        partners = self.env["res.partner"].search([])
        self.env["customer.changed"]._add(partners.ids)
        self.pairs.search([("partner_id", "in", self.lans.ids)]).unlink()
        looked_at = []
        find = type(self.pairs)._find_pairs

        def count(pairs, partner_ids):
            looked_at.extend(partner_ids)
            return find(pairs, partner_ids)

        with (
            patch.object(customer_duplicate, "BATCH", 2),
            patch.object(type(self.pairs), "_find_pairs", count),
        ):
            self._run_job()
        self.assertEqual(sorted(looked_at), sorted(partners.ids))
        self.assertEqual(self._found(self.lan), self.twin + self.triplet)

    def test_who_is_deleted_meanwhile_holds_nothing_up(self):
        gone = self._customer("Gone")
        gone.unlink()
        self.pairs._find_pairs([gone.id, self.lan.id])

    def test_a_contact_who_is_twice_in_a_company_is_found(self):
        """Two companies became one, and so had a person twice."""
        mine = self._customer(
            "Trần Văn Ba", parent_id=self.survivor.id, phone="0977 111 222"
        )
        twin = self._customer(
            "Tran Van Ba", parent_id=self.source.id, phone="0977.111.222"
        )
        address = self._customer(
            "Tran Van Ba", parent_id=self.source.id, type="delivery"
        )
        address.phone = "0977.111.222"
        self._merge()
        self.pairs._find_pairs((mine + twin + address + self.survivor).ids)
        self.assertEqual(self._found(mine), twin)
        self.assertFalse(self._found(self.survivor))

    def test_only_of_customers_one_may_read(self):
        self.env["ir.rule"].create(
            {
                "name": "Not the twin",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": [("id", "!=", self.twin.id)],
            }
        )
        self.assertEqual(self._found(self.lan), self.triplet)
        pair = self.pairs.search(
            [("partner_id", "=", self.lan.id), ("other_id", "=", self.twin.id)]
        )
        with self.assertRaises(AccessError):
            pair.with_user(self.manager).read(["reasons"])

    def test_salesperson_decides_nothing(self):
        pair = self.pairs.search([("partner_id", "=", self.lan.id)], limit=1)
        with self.assertRaises(AccessError):
            pair.with_user(self.sales).action_keep_apart()

    # ------------------------------------------------------------
    # SIDE BY SIDE
    # ------------------------------------------------------------

    def _open(self, *partners, user=None):
        wizards = self.env["customer.merge.wizard"].with_user(user or self.manager)
        partners = self.env["res.partner"].union(*partners)
        wizards = wizards.with_context(
            active_model="res.partner", active_ids=partners.ids
        )
        return wizards.create({})

    def test_side_by_side(self):
        wizard = self._open(self.survivor, self.source)
        self.assertEqual(wizard.survivor_id, self.survivor)
        rows = {row["name"]: row for row in wizard.comparison["rows"]}
        self.assertEqual(rows["phone"]["chosen"], self.source.id)
        texts = [cell["text"] for cell in rows["name"]["cells"]]
        self.assertEqual(texts, ["Bệnh viện Bạch Mai", "BV Bach Mai"])

    def test_merged_from_the_screen(self):
        wizard = self._open(self.survivor, self.source)
        wizard.choices = {"name": self.source.id}
        action = wizard.action_merge()
        self.assertEqual(action["res_id"], self.survivor.id)
        self.assertEqual(self.survivor.name, "BV Bach Mai")

    def test_refusal_is_said_before(self):
        contact = self._customer("Contact", parent_id=self.survivor.id)
        wizard = self._open(self.survivor, contact)
        self.assertIn("belongs to", wizard.refusal)

    def test_kept_apart_from_the_screen(self):
        self._open(self.survivor, self.source).action_keep_apart()
        self.assertEqual(self.pairs._get_decided(self.source), {self.survivor.id})

    def test_who_may_not_read_sees_nothing(self):
        self.env["ir.rule"].create(
            {
                "name": "Not the source",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": [("id", "!=", self.source.id)],
            }
        )
        with self.assertRaises(AccessError):
            self._open(self.survivor, self.source).read(["comparison"])

    def test_odoos_own_button_leads_here(self):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard = wizard.with_user(self.manager).create(
            {
                "partner_ids": (self.survivor + self.source).ids,
                "dst_partner_id": self.survivor.id,
            }
        )
        action = wizard.action_merge()
        self.assertEqual(action["res_model"], "customer.merge.wizard")
        self.assertTrue(self.source.exists())
        action = wizard.action_start_automatic_process()
        self.assertEqual(action["res_model"], "customer.duplicate")

    def test_programs_merge_as_ever(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.survivor + self.source).ids, self.survivor)
        self.assertFalse(self.source.exists())
