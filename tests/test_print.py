"""What Odoo prints is a PDF that can be read, as a user gets it from a real server."""

import io
import shutil

import pytest
import requests

from serving import DemoServer
from tools import databases
from tools.setup import PRINTER

SECONDS = 120


@pytest.mark.skipif(not shutil.which(PRINTER), reason=f"make setup brings {PRINTER}")
def test_order_is_a_pdf_with_its_vietnamese_letters(demo_server: DemoServer):
    from odoo.tools.pdf import PdfFileReader

    (order,) = demo_server.rows(
        """
        SELECT purchase.id, vendor.name AS vendor
          FROM purchase_order purchase
          JOIN res_partner vendor ON vendor.id = purchase.partner_id
         WHERE purchase.state = 'purchase' AND vendor.name ~ '[ạấầắặếềểệịốồộớờợụứừự]'
      ORDER BY purchase.id LIMIT 1
        """
    )
    databases.print_from(demo_server.database, demo_server.url)
    browser = requests.Session()
    browser.post(
        f"{demo_server.url}/web/session/authenticate",
        json={
            "params": {
                "db": demo_server.database,
                "login": "buyer",
                "password": demo_server.password("buyer"),
            }
        },
        timeout=SECONDS,
    ).raise_for_status()
    answer = browser.get(
        f"{demo_server.url}/report/pdf/purchase.report_purchaseorder/{order['id']}",
        timeout=SECONDS,
    )
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = PdfFileReader(io.BytesIO(answer.content)).pages
    # Odoo's own font is drawn as shapes, and has none of these letters
    letters = {letter for letter in order["vendor"] if letter > "\u00ff"}
    assert letters <= set("".join(page.extract_text() for page in pages))
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert not any("Serif" in font for font in fonts), f"no style sheet: {fonts}"
