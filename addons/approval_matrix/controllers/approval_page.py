from markupsafe import Markup

from odoo import http
from odoo.http import request

from ..mail_link import (
    ANSWER_PATH,
    FILE_PATH,
    LOGIN_PATH,
    PATH,
    LinkRefused,
    LoginNeeded,
)

HEADERS = [
    # a decision page is neither kept, nor indexed, nor framed, and tells no other
    # site its address, which is a secret
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex, nofollow"),
    ("X-Frame-Options", "DENY"),
    ("X-Content-Type-Options", "nosniff"),
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self' https:; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'",
    ),
]


class ApprovalLink(http.Controller):
    """Where the links of approval e-mails lead, logged in or not.

    Looking changes nothing, so that programs which open the links of e-mails decide
    nothing; deciding takes a form that was sent from the page.
    """

    @http.route(
        LOGIN_PATH,
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def go(self, task_id, **_ignored):
        """After the log-in: lead to the document, or to the task."""
        return request.redirect(request.env["approval.task"]._get_place(task_id))

    @http.route(
        ANSWER_PATH,
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def answer(self, process_id, **_ignored):
        """After the log-in: lead the requester to the dialog for the answer."""
        processes = request.env["approval.process"]
        return request.redirect(processes._get_answer_place(process_id))

    @http.route(
        PATH, type="http", auth="public", methods=["GET"], readonly=True, sitemap=False
    )
    def look(self, task_id, token, **_ignored):
        """Show the request, and ask."""
        return self._answer(task_id, token, self._show_form)

    @http.route(
        FILE_PATH,
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def download(self, task_id, token, file_id, **_ignored):
        """Hand out a file of the document, for as long as the link is good."""

        def act(task):
            stream = request.env["ir.binary"]._get_stream_from(task._get_file(file_id))
            # never shown by the browser: who attached it may be anybody
            return stream.get_response(as_attachment=True, max_age=0)

        return self._answer(task_id, token, act)

    # The token is checked below and not by Odoo, whose refusal is a bare error page:
    # it would meet whoever logs in to look at the document and then comes back.
    @http.route(
        PATH, type="http", auth="public", methods=["POST"], csrf=False, sitemap=False
    )
    def decide(
        self, task_id, token, decision=None, comment=None, csrf_token=None, **_ignored
    ):
        """Decide, and say what came of it."""
        typed = comment if isinstance(comment, str) else ""

        def act(task):
            if not request.validate_csrf(csrf_token):
                message = task.env._("The page was open for long. Please decide again.")
            else:
                message = task._decide_by_link(decision, comment)
            if message:
                return self._show_form(task, message, decision, typed)
            return self._page(
                task.env,
                "approval_matrix.link_message",
                title=task._get_label("state"),
                text=task._get_outcome_text(),
                mark=task.state,
            )

        return self._answer(task_id, token, act)

    def _answer(self, task_id, token, act):
        """Do something with the task of a link; say so if the link is not good."""
        tasks = request.env["approval.task"]
        status = 200
        try:
            task = tasks._open_link(task_id, token, request.env.user)
            html = act(task)
            if isinstance(html, http.Response):
                for name, value in HEADERS:
                    html.headers[name] = value
                return html
        except LoginNeeded:
            response = request.redirect(f"/approval/{task_id}", code=303)
            response.headers.extend(HEADERS)
            return response
        except LinkRefused as refusal:
            status = refusal.status
            html = self._page(
                refusal.env,
                "approval_matrix.link_message",
                title=refusal.title,
                text=refusal.text,
                mark="refused",
            )
        return request.make_response(html, headers=HEADERS, status=status)

    def _show_form(self, task, message=None, decision=None, comment=""):
        return self._page(
            task.env,
            "approval_matrix.link_form",
            task=task,
            process=task.process_id,
            card=task.card,
            files=task._find_files(),
            path=request.httprequest.path.rstrip("/"),
            steps=task.process_id._get_progress()["steps"],
            message=message,
            decision=decision,
            comment=comment,
        )

    def _page(self, env, template, **values):
        lang = env["res.lang"].sudo()._get_data(code=env.lang or "en_US")
        direction = "rtl" if lang.direction == "rtl" else "ltr"
        values["html_lang"] = (lang.code or "en").replace("_", "-")
        values["direction"] = direction
        return Markup("<!DOCTYPE html>\n") + env["ir.qweb"]._render(template, values)
