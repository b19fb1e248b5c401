"""What each of Zalo's events becomes."""

from __future__ import annotations

from typing import Any

import pytest

from conversations.messages import (
    UNKNOWN_SIZE,
    ContactShared,
    Event,
    File,
    FileSent,
    Left,
    Pressed,
    TextSent,
    Unsupported,
)
from handlers import zalo_events as events
from handlers.zalo_events import LARGEST, phone, read

OA, USER = "388613280878808645", "246845883529197922"
URL = "https://f1.photo.talk.zdn.vn/1/a.jpg"


def event(name: str, message: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "app_id": "360846524940903967",
        "sender": {"id": USER},
        "recipient": {"id": OA},
        "event_name": name,
        **({"message": message} if message is not None else {}),
        "timestamp": "1757000000000",
        **more,
    }


def sent(kind: str, *payloads: dict[str, Any], text: str = "") -> dict[str, Any]:
    attachments = [{"type": kind, "payload": payload} for payload in payloads]
    return event(f"user_send_{kind}", {"msg_id": "m1", "attachments": attachments, **({"text": text} if text else {})})


def said(raw: dict[str, Any]) -> list[Event]:
    done = read(raw, OA)
    assert isinstance(done, events.Done)
    assert done.address == USER
    return [one for _, one in done.events]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Xin chào", TextSent("Xin chào")),
        ("  hai\0 dòng\nđây ", TextSent("hai dòng\nđây")),
        ("", TextSent("")),
        ("#menu", Pressed("menu")),
        ("#ans:name:s:ab12cd", Pressed("ans:name:s:ab12cd")),
        ("#tra-cuu", Pressed("mine")),
        ("#gap-can-bo", Pressed("call")),
        ("#khai sinh cho con", TextSent("#khai sinh cho con")),
        ("#1", TextSent("#1")),
        ("# ", TextSent("#")),
        ("#Menu", TextSent("#Menu")),
        ("#" + "a" * 65, TextSent("#" + "a" * 65)),
        ("#d:x\nhai dòng", TextSent("#d:x\nhai dòng")),
    ],
)
def test_words_and_taps(text: str, meant: Event) -> None:
    assert said(event("user_send_text", {"msg_id": "m1", "text": text})) == [meant]


def test_an_answer_to_a_message() -> None:
    assert said(event("user_send_text", {"msg_id": "m1", "text": "vâng", "quote_msg_id": "m0"})) == [
        TextSent("vâng", "m0")
    ]


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        (sent("image", {"url": URL, "thumbnail": URL}), [FileSent(File(URL, "image/jpeg", UNKNOWN_SIZE))]),
        (sent("image", {"url": URL}, text="mặt sau"), [FileSent(File(URL, "image/jpeg", UNKNOWN_SIZE), "mặt sau")]),
        (
            sent("image", {"url": URL}, {"url": URL + "2"}, text="hai ảnh"),
            [
                FileSent(File(URL, "image/jpeg", UNKNOWN_SIZE), "hai ảnh", "m1"),
                FileSent(File(URL + "2", "image/jpeg", UNKNOWN_SIZE), "", "m1"),
            ],
        ),
        (
            sent("file", {"url": URL, "size": "9999", "name": "đơn.pdf", "type": "pdf"}),
            [FileSent(File(URL, "application/pdf", 9999, "đơn.pdf"))],
        ),
        (
            sent("file", {"url": URL, "size": 9999, "name": "", "type": "docx"}),
            [FileSent(File(URL, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", 9999))],
        ),
        (sent("file", {"url": URL, "size": "0", "name": "a.pdf"}), [Unsupported("empty-file")]),
        (sent("file", {"url": URL, "size": str(LARGEST + 1), "name": "a.pdf"}), [Unsupported("too-large")]),
        (sent("audio", {"url": URL}), [FileSent(File(URL, "audio/amr", UNKNOWN_SIZE))]),
        (sent("video", {"url": URL}), [Unsupported("video")]),
        (sent("gif", {"url": URL}), [Unsupported("video")]),
        (sent("sticker", {"id": "1", "url": URL}), [Unsupported("sticker")]),
        (sent("location", {"coordinates": {"latitude": "10.7", "longitude": 106.6}}), [Unsupported("location")]),
        (sent("link", {"url": "https://a.vn", "description": "Báo"}), [TextSent("https://a.vn")]),
        (sent("link", {"url": "https://a.vn"}, text="xem https://a.vn"), [TextSent("xem https://a.vn")]),
        (sent("hologram", {"url": URL}), [Unsupported("unknown")]),
        (event("user_send_sticker", {"msg_id": "m1"}), [Unsupported("sticker")]),
        (event("user_send_image", {"msg_id": "m1", "attachments": "none"}), [Unsupported("unknown")]),
        (
            event(
                "user_send_business_card",
                {
                    "msg_id": "m1",
                    "attachments": [{"type": "link", "payload": {"description": '{"phone":"84912345678"}'}}],
                },
            ),
            [ContactShared("0912345678", own=False)],
        ),
        (event("user_send_business_card", {"msg_id": "m1"}), [Unsupported("contact")]),
    ],
)
def test_what_is_sent(raw: dict[str, Any], meant: list[Event]) -> None:
    assert said(raw) == meant


def test_each_file_of_one_message_has_an_id_of_its_own() -> None:
    done = read(sent("image", {"url": URL}, {"url": URL}), OA)
    assert isinstance(done, events.Done)
    assert [event_id for event_id, _ in done.events] == ["m1:0", "m1:1"]


@pytest.mark.parametrize(
    "info",
    [
        {"name": "Nguyễn Văn A", "phone": "84912345678", "full_address": {"user_city": "Nghệ An"}},
        {"name": "A", "phone": 84912345678, "district": "", "ward": ""},
    ],
)
def test_a_shared_number_is_claimed(info: dict[str, Any]) -> None:
    assert said(event("user_submit_info", info=info)) == [ContactShared("0912345678", own=True, claimed=True)]


def test_nothing_shared() -> None:
    assert said(event("user_submit_info", info={"phone": 0})) == [Unsupported("contact")]


@pytest.mark.parametrize(
    ("number", "meant"),
    [
        ("84912345678", "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("0912345678", "0912345678"),
        (912345678, "0912345678"),
        ("02438251234", "02438251234"),
        ("12345", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_phone(number: object, meant: str) -> None:
    assert phone(number) == meant


def about(name: str, **more: Any) -> dict[str, Any]:
    return {"event_name": name, "oa_id": OA, "timestamp": 1757000000000, **more}


def test_coming_and_going() -> None:
    came = read(about("follow", follower={"id": USER}), OA)
    assert came == events.Came(USER, "follow:1757000000000")
    assert read(about("user_click_chatnow", user_id=USER), OA) == events.Came(USER, "user_click_chatnow:1757000000000")
    gone = read(about("unfollow", follower={"id": USER}), OA)
    assert gone == events.Done(USER, [("unfollow:1757000000000", Left("blocked"))])
    assert read(about("user_withdraw", user_id=USER), OA) == events.Withdrew(USER, "user_withdraw:1757000000000")


def test_seen_and_received() -> None:
    seen = read(event("user_seen_message", {"msg_ids": ["a", "b"]}), OA)
    assert seen == events.Arrived(USER, ("a", "b"), seen=True)
    received = read(event("user_received_message", {"msg_id": "a"}), OA)
    assert received == events.Arrived(USER, ("a",), seen=False)


def test_a_template_is_told_by_its_header_or_tracking_id() -> None:
    raw = event("user_received_message", {"msg_id": "a", "tracking_id": "t"}, sender={"id": OA}, recipient={"id": "84"})
    assert read(raw, OA) == events.TemplateArrived("a")
    del raw["message"]["tracking_id"]
    assert read(raw, OA, template=True) == events.TemplateArrived("a")
    assert read(about("change_oa_daily_quota"), OA, template=True) == events.Unknown("change_oa_daily_quota")


def test_what_the_account_says_comes_back() -> None:
    own = {"sender": {"id": OA}, "recipient": {"id": USER}}
    assert read(event("oa_send_text", {"msg_id": "m", "text": "Chào bác"}, **own), OA) == events.Echo(
        USER, "m", "Chào bác", 1757000000.0, by_hand=False
    )
    by_hand = {"sender": {"id": OA, "admin_id": "7"}, "recipient": {"id": USER}}
    heard = read(event("oa_send_image", {"msg_id": "m"}, **by_hand), OA)
    assert isinstance(heard, events.Echo)
    assert heard.by_hand


@pytest.mark.parametrize(
    "raw",
    [
        event("user_send_text", {"text": "x", "msg_id": "1"}, recipient={"id": "another"}),
        event("anonymous_send_text", {"text": "x", "msg_id": "1", "conversation_id": "c"}),
        event("user_send_group_text", {"text": "x", "msg_id": "1"}),
        event("oa_send_anonymous_text", {"text": "x"}, sender={"id": OA}, recipient={"id": "a"}),
        event("oa_send_group_text", {"text": "x"}, sender={"id": OA}, recipient={"id": "a"}),
        event("user_reacted_message", {"msg_id": "1", "react_icon": "/-heart"}),
        event("add_user_to_tag"),
        event("something_new"),
        {"event_name": ["user_send_text"]},
        {},
        {"event_name": "user_send_text", "sender": "x", "recipient": 5, "message": []},
    ],
)
def test_nothing_for_us(raw: dict[str, Any]) -> None:
    assert isinstance(read(raw, OA), events.Unknown)
