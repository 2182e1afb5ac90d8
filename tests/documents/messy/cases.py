"""Made documents as they come: pages with their site around them, notices with attachments, bulletins, broken lines.

Every text is written for these tests. Each case says what a careful clerk would note of it.
"""

from tests.documents.messy.articles import ARTICLES
from tests.documents.messy.notices import NOTICES
from tests.documents.messy.pages import PAGES

CASES = (*PAGES, *NOTICES, *ARTICLES)
