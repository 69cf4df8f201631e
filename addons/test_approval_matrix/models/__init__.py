from . import approval_document
