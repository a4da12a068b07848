"""What a verification found, for people."""

from typing import Final

from chassis.audit.chain import Problem

PROBLEMS: Final = {
    Problem.GAP: {
        "vi": "số thứ tự không liên tục: có mục bị xóa hoặc đổi chỗ",
        "en": "the numbers have a gap: an entry was removed or moved",
    },
    Problem.BROKEN_LINK: {
        "vi": "không nối với mục trước: mục trước bị sửa, xóa hoặc đổi chỗ",
        "en": "it does not link to the entry before: that one was altered, removed or moved",
    },
    Problem.ALTERED: {
        "vi": "nội dung không khớp mã băm: mục đã bị sửa",
        "en": "its content does not match its digest: it was altered",
    },
    Problem.CUT_OFF: {
        "vi": "nhật ký ngắn hơn điểm đối chiếu: phần cuối đã bị cắt",
        "en": "the log is shorter than the checkpoint says: its end was cut off",
    },
    Problem.REWRITTEN: {
        "vi": "mã băm khác điểm đối chiếu: nhật ký đã bị viết lại",
        "en": "its digest is not the checkpoint's: the log was written anew",
    },
}
"""What is wrong at an entry, for a person."""
NO_KEY: Final = {
    "vi": "Dịch vụ chưa có khóa AUDIT_KEY nên không ký được điểm đối chiếu: hãy đặt khóa đó.",
    "en": "The service has no AUDIT_KEY, so it signs no checkpoint: set that key.",
}
NOT_INTACT: Final = {
    "vi": "Nhật ký trống hoặc không nguyên vẹn nên không ký điểm đối chiếu.",
    "en": "The log is empty or not intact, so no checkpoint is signed.",
}
