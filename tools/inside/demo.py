"""Fill a database with the demo company, all of it or nothing."""

import tools.demo
from tools.inside.session import environment

if __name__ == "__main__":
    with environment() as env:
        tools.demo.build(env)
