import json
import operator

from odoo.http import request

from odoo.addons.web.controllers.export import ExcelExport

from ..case_log import defuse


class ReportExport(ExcelExport):
    def from_group_data(self, fields, columns_headers, groups):
        """Groups of a report say what its pivot says of them: Odoo's workbooks count
        what has no share as 0 %, and know no percentiles. They are called by names
        that people wrote, which are no formulas."""
        if isinstance(groups._model, request.env.registry["cx.report"]):
            _tell_figures(groups, json.loads(request.params["data"]))
            _defuse_groups(groups)
        return super().from_group_data(fields, columns_headers, groups)


def _tell_figures(groups, asked):
    """Let each group say its figures.

    :param groups: the root of Odoo's tree of groups
    :param dict asked: what the browser asked for
    """
    model, groupby = groups._model, asked["groupby"]
    domain = [("id", "in", asked["ids"])] if asked.get("ids") else asked["domain"]
    measures = {
        name: f"{name}:{model._fields[name].aggregator}"
        for name in groups._get_aggregated_field_names()
    }
    for depth in range(1, len(groupby) + 1):
        path = operator.itemgetter(*groupby[:depth])
        for row in model.formatted_read_group(
            domain, groupby[:depth], list(measures.values())
        ):
            group, keys = groups, path(row)
            for key in keys if depth > 1 else [keys]:
                group = group.children[key]
            # what Odoo would work out when it is first asked
            group.__dict__["aggregated_values"] = {
                name: row[measure] for name, measure in measures.items()
            }


def _defuse_groups(groups):
    for child in groups.children.values():
        _defuse_groups(child)
    groups.children = {
        _defuse_key(key): child for key, child in groups.children.items()
    }


def _defuse_key(key):
    """:param key: what a group is called; of a record its id and name"""
    return tuple(map(defuse, key)) if isinstance(key, tuple) else defuse(key)
