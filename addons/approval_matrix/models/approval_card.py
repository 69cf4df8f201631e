from collections import defaultdict
from contextlib import contextmanager

from odoo import api, fields, models

#: Rows of goods that a phone has room for.
SHOWN = 3
#: Key in the cache of the cursor: what documents found out for the cards being read.
KNOWN = "approval_matrix.card"
#: The column of rows in which a price of one unit stands, if there is one.
UNIT_PRICE = 2
#: Between the parts of what a request is about.
SEPARATOR = " · "
#: What people said to each other about a request.
TALK = (
    "submitted",
    "approved",
    "forwarded",
    "sent_back",
    "questioned",
    "answered",
)


class ApprovalCard(models.AbstractModel):
    """What whoever decides reads first: what it is, what to stop at, why they are asked
    and what was said about it.

    Data only. Lists, forms and phones show it (``static/src/approval_card``), and so
    does the page behind the link of an e-mail (template ``card``).
    """

    _name = "approval.card"
    _description = "What a Decision Is About"

    @api.model
    def _read(self, tasks):
        """Return the card of each task, in the words of the user.

        :param tasks: ``approval.task`` records that the user may read
        :return: dictionaries by task, see :meth:`_read_facts`; with the kind of
            document, files, and where one can go from there
        :rtype: dict
        """
        kinds = self._read_kinds(tasks)
        files = self._find_files(tasks.process_id)
        waiting = tasks._may_be_decided_by(self.env.user)
        links = self._find_links(waiting, waiting.process_id._map_documents())
        return {
            task: {
                **facts,
                **kinds[task],
                "files": files.get(task.process_id, []),
                "links": links.get(task, []),
            }
            for task, facts in self._read_facts(tasks).items()
        }

    @api.model
    def _read_facts(self, tasks):
        """Return what there is to know of each task, in the words of the user: for
        cards and pages, and for e-mails alike.

        :param tasks: ``approval.task`` records that the user may read
        :return: dictionaries by task: what to stop at, see :meth:`_read_stops`, what it
            is, see :meth:`_describe`, what was said, and to whoever decides how prices
            are to the last and what else they may want to know
        :rtype: dict
        """
        processes = tasks.process_id
        said = self._find_said(processes)
        with self._remembering():
            stops = self._read_stops(tasks)
            summaries = processes._get_summaries()
            waiting = tasks._may_be_decided_by(self.env.user)
            documents = waiting.process_id._map_documents()
            details = self._ask_documents(waiting, documents, "_approval_details")
            notes = self._ask_documents(waiting, documents, "_approval_row_notes")
        found = {}
        for task in tasks:
            about = self._describe(task, summaries[task.process_id])
            found[task] = {
                **stops[task],
                **about,
                "beside": self._add_notes(about["beside"], notes.get(task, {})),
                "details": [list(each) for each in details.get(task, ())],
                "talk": self._tell_talk(said.get(task.process_id, ())),
            }
        return found

    @contextmanager
    def _remembering(self):
        """Let documents keep in this block, which changes nothing, what more than one
        part of a card tells of, see :meth:`_get_known`."""
        self.env.cr.cache[KNOWN] = {}
        try:
            yield
        finally:
            self.env.cr.cache.pop(KNOWN, None)

    @api.model
    def _get_known(self):
        """Return where documents keep what they found out while cards are read: it
        must not depend on who reads them.

        :return: what was kept, by name of the model that keeps it; forgotten at once
            where no card is being read
        :rtype: dict
        """
        return self.env.cr.cache.get(KNOWN, {})

    @api.model
    def _tell_talk(self, logs):
        """Return what people said, each once: what somebody says for several steps of a
        request at the same moment has a row in the log for each."""
        said = {}
        for log in logs:
            key = (log.event, log.user_id, log.on_behalf_of_id, log.date, log.comment)
            said.setdefault(
                key,
                {
                    "id": log.id,
                    "event": log._get_label("event"),
                    "who": log._get_who(),
                    "date": fields.Datetime.to_string(log.date),
                    "text": log.comment,
                },
            )
        return list(said.values())

    @api.model
    def _find_said(self, processes):
        """Return what people said about requests.

        :return: ``approval.log`` records by request
        :rtype: dict
        """
        # of one that was just made they are known
        made = processes.filtered(lambda process: process.log_count == 1)
        logs = made.log_ids.filtered(lambda log: log.event in TALK)
        if processes - made:
            logs |= self.env["approval.log"].search_fetch(
                [("process_id", "in", (processes - made).ids), ("event", "in", TALK)]
            )
        return logs.filtered("comment").grouped("process_id")

    @api.model
    def _read_marks(self, tasks):
        """Return what lists show of each task.

        :return: ``{"kind": …, "level": [name, colour], "warnings": […], "sentences":
            […], "asked": …}`` by task; only what is urgent has a level; *asked* is
            *asked* while the requester is to answer, *answered* when they did
        :rtype: dict
        """
        kinds, stops = self._read_kinds(tasks), self._read_stops(tasks)
        return {task: {**kinds[task], **stops[task]} for task in tasks}

    @api.model
    def _read_kinds(self, tasks):
        """Return what it is, and if somebody was asked: ``{"kind": …, "asked": …}``."""
        names = {
            model: self.env["ir.model"].sudo()._get(model).name
            for model in set(tasks.process_id.mapped("res_model"))
        }
        return {
            task: {
                "kind": names[task.process_id.res_model],
                "asked": (task.paused_at and "asked")
                or (task.is_answered and "answered"),
            }
            for task in tasks
        }

    @api.model
    def _read_stops(self, tasks):
        """Return what to stop at: ``{"level": [name, colour], "warnings": marks,
        "sentences": what there is to know about them}``."""
        warnings = defaultdict(list, tasks.process_id._list_warnings())
        levels = self._read_levels(tasks)
        return {
            task: {
                "level": levels.get(task.process_id),
                "warnings": list(
                    dict.fromkeys(mark for mark, _text in warnings[task.process_id])
                ),
                "sentences": [
                    text for _mark, text in warnings[task.process_id] if text
                ],
            }
            for task in tasks
        }

    @api.model
    def _read_levels(self, tasks):
        """Return how urgent requests are, of those that are.

        :return: name and number of the colour of the level, by request
        :rtype: dict
        """
        found = {}
        urgent = tasks.filtered("is_urgent").process_id
        for model, processes in urgent.grouped("res_model").items():
            ids = processes.mapped("res_id")
            levels = processes.env[model]._approval_find_levels(ids)
            for process in processes:
                if process.res_id in levels:
                    found[process] = levels[process.res_id]
        return found

    @api.model
    def _tell_about(self, process, level):
        """Return what a request is about, for where its level stands beside it: without
        what that says already.

        :param level: see :meth:`_read_levels`; nothing where it is not urgent
        """
        parts = (process.about or "").split(SEPARATOR)
        return SEPARATOR.join(part for part in parts if part not in (level or ())[:1])

    @api.model
    def _describe(self, task, summary):
        """Return what a card says beside its marks.

        :param dict summary: see ``approval.document._approval_summary``
        :return: ``{"goods": [[name, …, value], …], "beside": [price of one, …],
            "more": int, "total": text, "facts": [[label, value], …], "before": facts
            when it was submitted, "why": text}``
        :rtype: dict
        """
        rows = summary.get("rows") or []
        return {
            "goods": [[row[0], *row[1:2], *row[2:][-1:]] for row in rows[:SHOWN]],
            "beside": [
                row[UNIT_PRICE] if len(row) > UNIT_PRICE + 1 else ""
                for row in rows[:SHOWN]
            ],
            "more": max(len(rows) - SHOWN, 0),
            "total": summary.get("total") or "",
            "facts": summary.get("facts") or [],
            "before": self._find_before(task.process_id, summary),
            "why": self._tell_why(task),
        }

    @api.model
    def _find_before(self, process, summary):
        """Return the facts that were others when it was submitted, as they were then,
        such as what was left of a budget.

        :return: ``[[label, value], …]``
        """
        facts = summary.get("facts") or []
        now = {tuple(fact) for fact in facts}
        labels = {label for label, _value in facts}
        then = process._get_kept_summary().get("facts") or []
        return [
            [label, value]
            for label, value in then
            if label in labels and (label, value) not in now
        ]

    @api.model
    def _find_files(self, processes):
        """Return what is attached to the documents, the newest first.

        Only names: who opens one is asked for rights by Odoo.

        :return: ``[{"id": …, "name": …}, …]`` by request
        :rtype: dict
        """
        found = {}
        for model, group in processes.grouped("res_model").items():
            attachments = (
                self.env["ir.attachment"]
                .sudo()
                .search_fetch(
                    [
                        ("res_model", "=", model),
                        ("res_id", "in", group.mapped("res_id")),
                        ("res_field", "=", False),
                    ],
                    ["name", "res_id"],
                    order="id desc",
                )
            )
            by_document = attachments.grouped("res_id")
            for process in group:
                found[process] = [
                    {"id": each.id, "name": each.name}
                    for each in by_document.get(process.res_id, ())
                ]
        return found

    @api.model
    def _find_links(self, waiting, documents):
        """Return where whoever decides can go from the card.

        :param waiting: ``approval.task`` records that the user may decide
        :param dict documents: by request
        :return: see ``approval.document._approval_links``, by task
        :rtype: dict
        """
        found = {}
        for model, group in waiting.process_id.grouped("res_model").items():
            ids = [documents[each].id for each in group if each in documents]
            own = self.env[model].sudo(False).browse(ids)
            for document, links in own._approval_links().items():
                found[model, document.id] = links
        keys = {
            task: (task.process_id.res_model, task.process_id.res_id)
            for task in waiting
        }
        return {task: found[keys[task]] for task in waiting if keys[task] in found}

    @api.model
    def _ask_documents(self, waiting, documents, method):
        """Ask documents for what is only for whoever decides.

        :param waiting: ``approval.task`` records that the user may decide
        :param dict documents: by request
        :param str method: of ``approval.document``, which returns a dictionary
        :return: what it says, by task
        :rtype: dict
        """
        found = {}
        for (model, company), group in (
            waiting.process_id.filtered(lambda process: process in documents)
            .grouped(lambda each: (each.res_model, each.sudo().company_id))
            .items()
        ):
            own = self.env[model].sudo().browse(group.mapped("res_id"))
            texts = own.with_company(company)._approval_for_texts()
            said = getattr(texts, method)()
            for process, document in zip(group, texts, strict=True):
                if document in said:
                    found[process] = said[document]
        return {
            task: found[task.process_id] for task in waiting if task.process_id in found
        }

    @api.model
    def _add_notes(self, beside, notes):
        return [
            " · ".join(filter(None, (text, notes.get(number))))
            for number, text in enumerate(beside)
        ]

    @api.model
    def _tell_why(self, task):
        """Return why the approver is asked: the rule in words, and who handed it on.

        Who asks for the approval is not told from what amount on others are asked.
        """
        process = task.process_id
        words = process._get_rule_words()
        concerned = task.holder_id | task.user_id | task.decided_by_id
        is_manager = self.env.user.has_group("approval_matrix.group_approval_manager")
        if self.env.user not in concerned and not is_manager:
            return ""
        texts = []
        if task.origin_user_id and task.origin == "forward":
            texts.append(
                self.env._(
                    "%(user)s forwarded it.", user=task.sudo().origin_user_id.name
                )
            )
        elif task.origin_user_id:
            texts.append(
                self.env._(
                    "%(user)s did not decide in time.",
                    user=task.sudo().origin_user_id.name,
                )
            )
        elif task.is_substituted:
            texts.append(
                self.env._("You stand in for %(user)s.", user=task.sudo().user_id.name)
                if task.holder_id == self.env.user
                else task._get_holder_name()
            )
        if words:
            texts.append(
                self.env._(
                    "Rule “%(rule)s”, step “%(step)s”: %(condition)s.",
                    rule=words["name"],
                    step=task.step_name,
                    condition=words["condition"],
                )
            )
        return " ".join(texts)
