from odoo.api import Environment
from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, Response, content_disposition, request, route
from odoo.modules.registry import Registry

from ..case_log import write_csv, write_xes

FORMATS = {
    "xes": (write_xes, "application/xml; charset=utf-8"),
    "csv": (write_csv, "text/csv; charset=utf-8"),
}


class CaseLog(Controller):
    @route(
        "/cx_reports/case_log.<string:form>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def export(self, form, kind="events", date_from=None, date_to=None):
        """Send the log of the cases that the user may read, while it is being read.

        :param str form: *xes* or *csv*
        :param str kind: *events* or *waits*
        :param str date_from: first day of the company on which a case begins, or a
            moment in UTC
        :param str date_to: first day or moment that is too late
        """
        if form not in FORMATS:
            raise request.not_found()
        log = request.env["cx.case.log"]
        try:
            log._check(kind, date_from, date_to)
        except AccessError as error:
            return _refuse(error, 403)
        except UserError as error:
            return _refuse(error, 400)
        write, mime = FORMATS[form]
        parts = _read(
            request.env.cr.dbname,
            request.env.uid,
            dict(request.env.context, **_get_chosen_companies()),
            lambda log: write(log._read_traces(kind, date_from, date_to)),
        )
        return Response(
            parts,
            headers={
                "Content-Type": mime,
                "Content-Disposition": content_disposition(f"{kind}.{form}"),
            },
        )


def _refuse(error, status):
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    return request.make_response(str(error), headers, status=status)


def _get_chosen_companies():
    """Return the context of the companies that are chosen on the screen.

    The browser says them in a cookie, which anybody can write: those that the user may
    not enter are left out. If none is left, all that they may enter are meant.
    """
    own = {str(id_): id_ for id_ in request.env.user.company_ids.ids}
    said = request.cookies.get("cids", "").replace(",", "-").split("-")
    chosen = [own[text] for text in dict.fromkeys(said) if text in own]
    return {"allowed_company_ids": chosen} if chosen else {}


def _read(database, user, context, read):
    """Yield what is read, on a cursor of its own: that of the request is closed when
    the first part is sent."""
    with Registry(database).cursor(readonly=True) as cr:
        for part in read(Environment(cr, user, context)["cx.case.log"]):
            yield part.encode()
