"""Build the web assets once, so that no page or browser test waits for them."""

from tools.inside.session import environment

if __name__ == "__main__":
    with environment() as env:
        env["ir.qweb"]._pregenerate_assets_bundles()
