"""Set-up: the channels, each with a button that really tries it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from bot import setup_tries
from bot.settings import BadSetting, Settings, load
from bot.setup_step import Desk, keep, secret_field, with_settings
from bot.setup_words import wrong
from bot.setup_zalo import tried
from handlers.web_setup_door import CHOICE, SAVE, SKIP, Action, Field, Page, Told

TRY: Final = Action("thu", "Thử ngay")
_TRY_SMS: Final = Action("thu", "Gửi một tin thử (tốn tiền một tin)")


class ChannelStep:
    """Fields that become settings; what was typed is tried or written, and a secret left empty stays as it is."""

    name = ""
    title = ""
    lead: tuple[str, ...] = ()
    actions: tuple[Action, ...] = (SAVE, TRY, SKIP)

    def fields(self, settings: Settings, given: Mapping[str, str]) -> tuple[Field, ...]:
        raise NotImplementedError

    def values(self, settings: Settings, given: Mapping[str, str]) -> dict[str, str]:
        """Settings by their fields' names."""
        raise NotImplementedError

    async def tries(self, desk: Desk, settings: Settings, given: Mapping[str, str]) -> list[Told]:
        raise NotImplementedError

    async def page(self, desk: Desk, given: Mapping[str, str], told: Sequence[Told] = ()) -> Page:  # noqa: ARG002 - as the protocol has it
        fields = self.fields(load(), given)
        return Page(self.name, self.title, "", self.lead, tuple(told), fields, self.actions)

    async def pressed(self, desk: Desk, action: str, given: Mapping[str, str]) -> Page | None:
        values = self.values(load(), given)
        if action == "thu":
            try:
                told = await self.tries(desk, with_settings(values), given)
            except BadSetting as error:
                told = [Told(good=False, words=f"Chưa đúng. {wrong(error)}")]
            # what was typed is written where all is well: a secret is not shown again, and would have to be typed twice
            if all(one.good for one in told):
                told += keep(values)
        else:
            told = keep(values)
            if not told:
                return None
        return await self.page(desk, given, told)


class TelegramStep(ChannelStep):
    name = "telegram"
    title = "Telegram"
    lead = (
        (
            "Cần hai bot: một cho người dân, một cho cán bộ. Trên điện thoại, mở @BotFather trong Telegram, gõ "
            "/newbot, làm hai lần, rồi chép hai mã vào đây. Từng bước có trong docs/telegram.md."
        ),
    )

    def fields(self, settings: Settings, given: Mapping[str, str]) -> tuple[Field, ...]:
        return (
            secret_field("dan", "Mã bot của người dân", settings.telegram_token, "Như 123456789:AAE…"),
            secret_field("canbo", "Mã bot của cán bộ", settings.telegram_staff_token),
            Field(
                "duong",
                "Đường vòng (proxy)",
                given.get("duong", settings.telegram_proxy),
                "Chỉ khi mạng chặn Telegram.",
            ),
        )

    def values(self, settings: Settings, given: Mapping[str, str]) -> dict[str, str]:
        return {
            "telegram_token": given.get("dan") or settings.telegram_token,
            "telegram_staff_token": given.get("canbo") or settings.telegram_staff_token,
            "telegram_proxy": given.get("duong", settings.telegram_proxy),
        }

    async def tries(self, desk: Desk, settings: Settings, given: Mapping[str, str]) -> list[Told]:  # noqa: ARG002 - as all have it
        bots = (
            (settings.telegram_token, "Bot của người dân", False),
            (settings.telegram_staff_token, "Bot của cán bộ", True),
        )
        told = [
            await setup_tries.telegram(settings, token, whose, group=group) for token, whose, group in bots if token
        ]
        return told or [setup_tries.bad("Chưa có mã nào để thử.")]


class ZaloStep(ChannelStep):
    name = "zalo"
    title = "Zalo"
    lead = (
        (
            "Cần một Official Account và một ứng dụng ở developers.zalo.me; docs/zalo.md chỉ từng bước. Mã làm mới "
            "(refresh token) lấy ở trang API Explorer của ứng dụng ấy, dùng một lần: dán vào rồi bấm thử."
        ),
    )

    def fields(self, settings: Settings, given: Mapping[str, str]) -> tuple[Field, ...]:
        return (
            Field("oa", "Mã số Official Account", given.get("oa", settings.zalo_oa_id)),
            Field("app", "Mã số ứng dụng", given.get("app", settings.zalo_app_id)),
            secret_field("bimat", "Khóa bí mật của ứng dụng", settings.zalo_app_secret),
            secret_field("khoa", "Khóa bí mật OA (trang Webhook)", settings.zalo_oa_secret_key),
            Field("lammoi", "Mã làm mới (refresh token)", "", "Dùng một lần.", "secret"),
        )

    def values(self, settings: Settings, given: Mapping[str, str]) -> dict[str, str]:
        return {
            "zalo_oa_id": given.get("oa", settings.zalo_oa_id),
            "zalo_app_id": given.get("app", settings.zalo_app_id),
            "zalo_app_secret": given.get("bimat") or settings.zalo_app_secret,
            "zalo_oa_secret_key": given.get("khoa") or settings.zalo_oa_secret_key,
        }

    async def tries(self, desk: Desk, settings: Settings, given: Mapping[str, str]) -> list[Told]:
        if not settings.zalo_oa_id:
            return [setup_tries.bad("Chưa có mã số Official Account.")]
        return [await tried(desk.app.database, settings, given.get("lammoi", ""))]


class MailStep(ChannelStep):
    name = "email"
    title = "E-mail"
    lead = (
        (
            "Chương trình gửi thư qua hộp thư của cơ quan. Người quản trị thư cho biết tên máy chủ, cổng và mật "
            "khẩu. Không có thì bỏ qua: người dân vẫn được báo qua trang web, Telegram và Zalo."
        ),
    )
    actions = (SAVE, Action("thu", "Gửi một thư thử"), SKIP)

    def fields(self, settings: Settings, given: Mapping[str, str]) -> tuple[Field, ...]:
        at = urlsplit(settings.smtp_url)
        kinds = (("smtp", "STARTTLS (cổng 587)"), ("smtps", "TLS ngay từ đầu (cổng 465)"))
        return (
            Field("may", "Máy chủ gửi thư", given.get("may", at.hostname or ""), "Như smtp.example.vn"),
            Field("kieu", "Mã hóa", given.get("kieu", at.scheme or "smtp"), "", CHOICE, kinds),
            Field("ten", "Tên đăng nhập", given.get("ten", unquote(at.username or ""))),
            secret_field("matkhau", "Mật khẩu", at.password or ""),
            Field(
                "tu",
                "Người gửi",
                given.get("tu", settings.mail_from),
                "Như: Một cửa xã Sơn Tiến <motcua@example.vn>",
            ),
            Field("thu-den", "Gửi thử đến địa chỉ", given.get("thu-den", "")),
        )

    def values(self, settings: Settings, given: Mapping[str, str]) -> dict[str, str]:
        host, _, port = given.get("may", "").partition(":")
        password = given.get("matkhau") or unquote(urlsplit(settings.smtp_url).password or "")
        login = f"{quote(given['ten'], safe='')}:{quote(password, safe='')}@" if given.get("ten") else ""
        kind = given.get("kieu") if given.get("kieu") in ("smtp", "smtps") else "smtp"
        place = f"{host}:{port}" if port else host
        return {"smtp_url": f"{kind}://{login}{place}" if host else "", "mail_from": given.get("tu", "")}

    async def tries(self, desk: Desk, settings: Settings, given: Mapping[str, str]) -> list[Told]:
        if not settings.smtp_url or not given.get("thu-den"):
            return [setup_tries.bad("Ghi máy chủ gửi thư và một địa chỉ để gửi thử đến.")]
        return [await setup_tries.mail(settings, desk.app, given["thu-den"])]


class SmsStep(ChannelStep):
    name = "sms"
    title = "Tin nhắn SMS"
    lead = (
        (
            "SMS báo được cho người không dùng mạng, và gửi mã xác nhận số điện thoại. Cần hợp đồng với một nhà "
            "cung cấp; mỗi tin tốn tiền. Không có thì bỏ qua."
        ),
    )
    actions = (SAVE, _TRY_SMS, SKIP)
    KINDS: Final = (("", "Không dùng"), ("esms", "eSMS"), ("speedsms", "SpeedSMS"), ("json", "Nơi khác (JSON)"))

    def fields(self, settings: Settings, given: Mapping[str, str]) -> tuple[Field, ...]:
        return (
            Field("nha", "Nhà cung cấp", given.get("nha", settings.sms_gateway), "", CHOICE, self.KINDS),
            secret_field("khoa", "Khóa", settings.sms_token, "Của eSMS: ApiKey:SecretKey."),
            Field("ten", "Tên thương hiệu", given.get("ten", settings.sms_sender)),
            Field("goi", "Địa chỉ gọi", given.get("goi", settings.sms_url), "Chỉ khi chọn «Nơi khác»."),
            Field("thu-den", "Gửi thử đến số", given.get("thu-den", "")),
        )

    def values(self, settings: Settings, given: Mapping[str, str]) -> dict[str, str]:
        return {
            "sms_gateway": given.get("nha", ""),
            "sms_token": given.get("khoa") or settings.sms_token,
            "sms_sender": given.get("ten", ""),
            "sms_url": given.get("goi", ""),
        }

    async def tries(self, desk: Desk, settings: Settings, given: Mapping[str, str]) -> list[Told]:  # noqa: ARG002 - as all have it
        if not settings.sms_gateway or not given.get("thu-den"):
            return [setup_tries.bad("Chọn nhà cung cấp và ghi một số để gửi thử đến.")]
        return [await setup_tries.sms(settings, given["thu-den"])]
