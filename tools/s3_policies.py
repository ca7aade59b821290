"""The policies of the object storage, one for each who logs in: what it may do in which bucket. tools/contracts.py writes them.

Listing is allowed to all: without it S3 answers 403 in place of 404 to a question for an object that is not there.
"""

from __future__ import annotations

import json
from typing import Final

from shared.settings import Settings

_SETTINGS: Final = Settings.model_construct()
INBOX: Final = _SETTINGS.s3_bucket
ARTIFACTS: Final = _SETTINGS.s3_artifacts

_LIST: Final = ("s3:ListBucket", "s3:GetBucketLocation")
_LIST_VERSIONS: Final = (*_LIST, "s3:ListBucketVersions", "s3:GetBucketVersioning")
_READ: Final = ("s3:GetObject", "s3:GetObjectVersion")
_STAGE: Final = (
    (_LIST, f"{ARTIFACTS}"),
    (("s3:GetObject", "s3:PutObject"), f"{ARTIFACTS}/artifacts/*"),
    (("s3:GetObject", "s3:PutObject"), f"{ARTIFACTS}/runs/*"),
    (("s3:GetObject", "s3:PutObject", "s3:DeleteObject"), f"{ARTIFACTS}/attempts/*"),
)

POLICIES: Final[dict[str, tuple[tuple[tuple[str, ...], str], ...]]] = {
    "store": (
        (_LIST_VERSIONS, INBOX),
        (_READ, f"{INBOX}/*"),
        *_STAGE,
        (("s3:GetObject",), f"{ARTIFACTS}/decisions/*"),
        (("s3:GetObject", "s3:PutObject", "s3:DeleteObject"), f"{ARTIFACTS}/adoption/*"),
        (("s3:ListBucketVersions",), ARTIFACTS),
    ),
    "extractor": ((_LIST_VERSIONS, INBOX), (_READ, f"{INBOX}/*"), *_STAGE),
    "normalizer": ((_LIST, INBOX), *_STAGE),
    # Second readings of accused cells look at the document itself.
    "validator": ((_LIST_VERSIONS, INBOX), (_READ, f"{INBOX}/*"), *_STAGE),
    # The command line: uploads, decisions, looking at everything, sweeping (audit --repair), clean.
    "operator": (
        (_LIST_VERSIONS, INBOX),
        ((*_READ, "s3:PutObject"), f"{INBOX}/*"),
        ((*_LIST, "s3:ListBucketVersions"), ARTIFACTS),
        (("s3:GetObject",), f"{ARTIFACTS}/*"),
        (("s3:PutObject",), f"{ARTIFACTS}/decisions/*"),
        (("s3:DeleteObject",), f"{ARTIFACTS}/artifacts/*"),
    ),
    # One for each department: put its own prefix in place of DEPARTMENT. It sees nothing of the others, and nothing of ours.
    "department": ((("s3:PutObject",), f"{INBOX}/DEPARTMENT/*"),),
    # An outside consumer that follows `dataref`.
    "consumer": ((_LIST, ARTIFACTS), (("s3:GetObject",), f"{ARTIFACTS}/artifacts/*")),
}


def texts() -> dict[str, str]:
    """File name → policy in AWS' format."""
    return {f"s3-{name}.json": json.dumps(policy(name), indent=1) + "\n" for name in POLICIES}


def policy(name: str) -> dict[str, object]:
    """The policy of one who logs in."""
    statements = [
        {"Effect": "Allow", "Action": list(actions), "Resource": [f"arn:aws:s3:::{resource}"]} for actions, resource in POLICIES[name]
    ]
    return {"Version": "2012-10-17", "Statement": statements}
