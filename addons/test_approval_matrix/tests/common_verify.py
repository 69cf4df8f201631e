class VerifyMixin:
    """Whether the verification finds something, in the documents of a test."""

    def _findings(self, documents=None, batch=500):
        """Return what is found in all of the company, or about some documents."""
        self.env.flush_all()
        self.env.invalidate_all()
        verification = self.env["approval.verification"].sudo()
        found = [
            finding
            for _what, _count, findings in verification._verify(self.company, batch)
            for finding in findings
        ]
        if documents is None:
            return found
        about = {(documents._name, id_) for id_ in documents.ids}
        processes = (
            self.env["approval.process"]
            .sudo()
            .search(
                [("res_model", "=", documents._name), ("res_id", "in", documents.ids)]
            )
        )
        about |= {(processes._name, id_) for id_ in processes.ids}
        return [finding for finding in found if (finding.model, finding.id) in about]

    def assertWhole(self):
        """Nothing is found in whatever the test did."""
        self.assertEqual([finding.text for finding in self._findings()], [])
