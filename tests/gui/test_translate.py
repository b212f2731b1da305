"""What the backend says to a screen. Each case: its words, what is left, the steps."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from skill.gui import Translation, Translator, translate
from skill.gui.lexicon import load

CONTENT = [
    "The clip shows somebody clicking a button.",
    "It was a drag race at dawn.",
    "Drag race footage added (0-5s).",
    "The camera opens on a field of wheat.",
    'Added a title that says "Click here" at 0-3s.',
    'The title "Stop. Click Export." now appears at 2s.',
    "Title: Click here (0-3s)",
    "The scene shows a hand pressing a red button on the control panel.",
    "A woman sits down, opens the laptop and clicks a button on the screen.",
    "In this scene the camera pans left and a girl presses play on a boombox.",
    "I made the intro: a hand opens a drawer, a cat drags a toy across the floor.",
    "The button on her coat catches the light as the train leaves.",
    "Open with a wide shot of the field, then cut to the close-up.",
    "Open question: should the music fade out?",
    'Choose a title: "Dawn" or "Dusk"?',
    "Press release footage (0-5s) is in place.",
    "Please select one of the following styles: cinematic, cartoon or retro.",
    "Let me know if you'd like me to export it.",
    "Try \"add a title 'Dawn'\" next.",
    "Your clip is on the timeline.",
    "You have 3 tracks on the timeline: video, music and a title.",
    "This used 50 credits.",
    "Check your internet connection.",
    "Music: 80% -> 35%",
    "Register at https://nemovideo.example/register?bind=1 to go on: click the link.",
    "Timeline (3 tracks): 1. Video: city timelapse (0-10s) 2. BGM: Lo-fi (0-10s, 35%) 3. Title: X",
    "Scene 4 - Tap your feet to the beat, a dance class in a sunny loft.",
    'The ad ends with the call to action "Click the link below".',
    "The user interface mockup shows a cursor clicking a blue Buy button.",
    "I zoomed in on the singer's face.",
    "I've set the aspect ratio to 9:16.",
    "What would you like next? You can add music, add text, or export the video.",
    "Here are ideas:\n- A drag race in neon streets\n- A chef who opens a tiny restaurant",
    "画面上出现一个按钮，按钮上写着“点击购买”。",
    "第3幕：她点击屏幕，世界亮了起来。",
    "男主角打开门，拖着行李箱走进房间。",
    "选择一种风格：电影感、卡通或复古？",
    "这段视频展示了有人点击按钮。",
    "画面中一个女孩点击手机上的按钮。",
    "已添加标题“点击这里”（0-3秒）。",
    "标题：点击这里",
    "打开的窗户外是大海。",
    "拖拉机在田野上行驶。",
    "滚动字幕已添加。",
    "我已将音乐音量从80%调到35%。",
    "您可以说“导出”来获取视频。",
]

CASES = [
    # The table of the protocol.
    ("Done. Click **Export** to save it.", "Done.", ["export"]),
    ("Open the Media panel on the left to see your clips.", "", ["status"]),
    ("Drag and drop the music onto the timeline.", "", ["sse"]),
    ("You can preview it in the timeline.", "", ["status"]),
    ("Check your account for the remaining credits.", "", ["credits"]),
    ("Go to Account > Billing to check your balance.", "", ["credits"]),
    ("点击右上角的导出按钮下载视频。", "", ["export"]),
    ("打开左侧的媒体面板查看您的素材。", "", ["status"]),
    ("将音乐拖到时间线上。", "", ["sse"]),
    ("您可以在时间线中预览效果。", "", ["status"]),
    ("前往账户 > 账单查看余额。", "", ["credits"]),
    ("點擊右上角的「匯出」按鈕即可下載影片。", "", ["export"]),
    # Content and instruction in one answer.
    (
        "I've added lo-fi music. You can preview it in the timeline. When you're ready, click the "
        "Export button in the top right corner to download your video.",
        "I've added lo-fi music.",
        ["status", "export"],
    ),
    (
        "Your video is ready, and you can click Export to download it.",
        "Your video is ready.",
        ["export"],
    ),
    ("Your video is done (click the Export button).", "Your video is done.", ["export"]),
    (
        "Open the panel on the left; I've added three clips there.",
        "I've added three clips there.",
        ["status"],
    ),
    ("Done! 🎉 Click Export to download your video.", "Done!", ["export"]),
    ("Your new title is now visible in the preview window.", "Your new title is now visible.", []),
    (
        "You have 20 credits left. Visit the Billing page to top up.",
        "You have 20 credits left.",
        ["credits"],
    ),
    (
        "Preview it in the timeline and let me know what you think!",
        "Let me know what you think!",
        ["status"],
    ),
    (
        "Would you like music, or open the music library yourself?",
        "Would you like music?",
        ["status"],
    ),
    ("Then click Export. Then your file is saved.", "Your file is saved.", ["export"]),
    ("The Export button is in the top right corner.", "", ["export"]),
    ("You'll find your clip in the media panel.", "", ["status"]),
    ("Once rendering completes, you'll see a Download button. Click it.", "", ["export"]),
    ("视频已经准备好了，点击导出按钮即可下载。", "视频已经准备好了。", ["export"]),
    ("在预览窗口中查看效果，然后告诉我您的想法！", "告诉我您的想法！", ["status"]),
    ("视频已在预览窗口中准备就绪。", "视频已准备就绪。", []),
    ("完成！🎉点击导出下载视频。", "完成！", ["export"]),
    # What hands would do becomes something to say.
    (
        "Double-click the title to change it to 'Night Drive'",
        "Say: change the title to 'Night Drive'",
        ["sse"],
    ),
    ("To change the title, double-click it in the timeline.", "Say: change the title.", ["sse"]),
    ("Right-click the clip and choose Delete to remove it.", "Say: remove the clip.", ["sse"]),
    ("Select the clip and press **Delete** to remove it.", "Say: remove the clip.", ["sse"]),
    ("Use the volume slider to lower the music.", "Say: lower the music.", ["sse"]),
    (
        "You can change the volume using the slider in the audio panel.",
        "Say: change the volume.",
        ["sse"],
    ),
    ("Trim the clip by dragging its edges.", "Say: trim the clip.", ["sse"]),
    ("Drag the edges of the clip to trim it.", "Say: trim the clip.", ["sse"]),
    ("You can drag and drop the clips to reorder them.", "Say: reorder the clips.", ["sse"]),
    ("Press Ctrl+Z to undo.", "Say: undo.", ["sse"]),
    (
        "Click the 'Add Music' button to add background music.",
        "Say: add background music.",
        ["sse"],
    ),
    (
        "Select 9:16 from the aspect ratio dropdown to make it vertical.",
        "Say: make it vertical.",
        ["sse"],
    ),
    (
        "I've added music at 35%, which you can adjust with the volume slider.",
        "I've added music at 35%. Say: adjust the volume.",
        ["sse"],
    ),
    (
        "If you want to change the music, open the Audio panel and pick another track.",
        "Say: change the music.",
        ["sse"],
    ),
    (
        "Upload your photos by clicking the Upload button.",
        "Send the file or a link to it here.",
        ["upload"],
    ),
    ("双击标题可以修改为“夜行”。", "可以说：把标题修改为“夜行”。", ["sse"]),
    ("双击标题，将其改为“夜行”。", "可以说：将标题改为“夜行”。", ["sse"]),
    ("如果想修改标题，请双击它。", "可以说：修改标题。", ["sse"]),
    ("拖动片段的边缘来裁剪。", "可以说：裁剪片段。", ["sse"]),
    ("请先选择片段，然后点击删除按钮。", "可以说：删除片段。", ["sse"]),
    ("您可以在音频面板中调整音量。", "可以说：调整音量。", ["sse"]),
    ("按Ctrl+Z撤销。", "可以说：撤销。", ["sse"]),
    ("将文件拖放到这里上传。", "把文件或链接直接发到这里就行。", ["upload"]),
    ("Try dragging the clip to the left.", "Say: move the clip to the left.", ["sse"]),
    ("Go to the top menu and select File → Export.", "", ["export"]),
    (
        "Click on the title layer. In the right-hand panel, change its color to red.",
        "Say: change its color to red.",
        ["sse"],
    ),
    (
        "Adjust the brightness in the Color panel to 80%.",
        "Say: adjust the brightness to 80%.",
        ["sse"],
    ),
    (
        "Press and hold the title, then move it to the bottom.",
        "Say: move the title to the bottom.",
        ["sse"],
    ),
    ("I'd recommend opening the Filters tab and picking a warmer look.", "", ["status"]),
    (
        'To upload your own media, click the "+" icon or drag files into the media library.',
        "Send the file or a link to it here.",
        ["upload"],
    ),
    ("You may need to refresh the page to see the changes.", "", ["status"]),
    ("The left panel shows your media.", "", ["status"]),
    ("准备好后点击**导出**！", "", ["export"]),
    ("按住标题，然后将其移到底部。", "可以说：将标题移到底部。", ["sse"]),
    ("右键单击该片段并选择“复制”。", "可以说：复制该片段。", ["sse"]),
    (
        "要上传自己的素材，点击“+”图标或将文件拖到媒体库。",
        "把文件或链接直接发到这里就行。",
        ["upload"],
    ),
    # Lists and lines.
    (
        "To change more, you can:\n- Drag clips on the timeline to reorder them\n"
        "- Double-click text to edit it\n\nClick **Export** when you're ready!",
        "To change more, you can:\n- Say: reorder clips\n- Say: edit text",
        ["sse", "export"],
    ),
    (
        "Here's how to export:\n\n1. Click **Export** in the top-right corner\n"
        "2. Select **MP4** as the format\n3. Click **Download**\n\nEnjoy your video!",
        "Enjoy your video!",
        ["export"],
    ),
    (
        "**Next steps:**\n1. Preview your video in the player.\n2. Click **Export**.\n\nHave fun!",
        "Have fun!",
        ["status", "export"],
    ),
    ("1. 点击右上角的【导出】\n2. 选择MP4格式\n3. 点击【下载】", "", ["export"]),
    (
        "1. Added lo-fi music\n2. Click Export\n3. Added the title 'Dawn'",
        "1. Added lo-fi music\n2. Added the title 'Dawn'",
        ["export"],
    ),
    (
        "- **Export**: Click the Export button to download\n- **Music**: Lo-fi, 35%",
        "- **Music**: Lo-fi, 35%",
        ["export"],
    ),
    (
        "What I did:\n\n- Trimmed it\n\n- Added music\n\n\n\nClick **Play** to preview.\nBye.",
        "What I did:\n\n- Trimmed it\n\n- Added music\n\nBye.",
        ["status"],
    ),
    ("# Export\nClick the Export button.\n# Music\nLo-fi", "# Music\nLo-fi", ["export"]),
    ("Run this:\n```\nclick Export.\n```", "Run this:\n```\nclick Export.\n```", []),
    ("| click Export | here |", "| click Export | here |", []),
]


@pytest.mark.parametrize("text", CONTENT)
def test_content_stays_as_it_is(text: str) -> None:
    assert translate(text) == Translation(text)


@pytest.mark.parametrize(("text", "left", "steps"), CASES)
def test_the_screen_goes(text: str, left: str, steps: list[str]) -> None:
    found = translate(text)
    assert (found.text, [step.value for step in found.actions]) == (left, steps)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Drag the clip to the beginning of the timeline.",
            "Move the clip to the beginning of the timeline",
        ),
        ("Drag the volume slider to 35%.", "Set the volume to 35%"),
        (
            'Now drag the "Sun" clip after the "Sea" clip.',
            'Move the "Sun" clip after the "Sea" clip',
        ),
        ("Click Apply to apply the changes.", "apply the changes"),
        ("把片段拖拽到开头。", "把片段移到开头"),
        ("将音量滑块拖动到50%。", "把音量调到50%"),
        # Offers are told, not sent; neither is what could spend credits.
        ("You can drag the clip to the start.", ""),
        ("If it is too loud, drag the volume slider to 35%.", ""),
        ("Click Confirm to generate another version.", ""),
        ("Click **Generate** to create another version.", ""),
    ],
)
def test_an_edit_that_is_asked_for_is_a_message(text: str, message: str) -> None:
    assert translate(text).message == message


@pytest.mark.parametrize(
    ("text", "finishes"),
    [
        ("Your video is ready! Click the Export button to download it.", True),
        ("视频已生成！点击导出按钮即可下载。", True),
        ("When you're happy with it, click Export.", False),
        ("Click Export once you like it.", False),
        ("You can click Export to save it.", False),
        ("The Export button is in the top right corner.", False),
        ("准备好后，点击导出按钮。", False),
    ],
)
def test_an_export_for_later_is_not_the_step_to_do_now(text: str, finishes: bool) -> None:
    found = translate(text)
    assert [step.value for step in found.actions] == ["export"]
    assert found.finishes is finishes


def test_each_action_once_in_order() -> None:
    found = translate("Click Export. Preview it in the timeline. Click the Download button.")
    assert [step.value for step in found.actions] == ["export", "status"]


@pytest.mark.parametrize("size", [1, 2, 7, 40])
def test_pieces_come_out_as_the_whole_does(size: int) -> None:
    text = "\n\n".join(case[0] for case in CASES) + "\n" + "\n".join(CONTENT)
    translator = Translator()
    shown = [translator.feed(text[at : at + size]) for at in range(0, len(text), size)]
    shown.append(translator.close())
    assert translator.translation("".join(shown)) == translate(text)


def test_sentences_come_out_as_soon_as_they_are_whole() -> None:
    translator = Translator()
    assert translator.feed("I've added lo-fi music at 35%. " + "It starts at once and " * 12) == (
        "I've added lo-fi music at 35%."
    )


SIGNS = [
    "**",
    "'",
    '"',
    ".",
    "\n",
    "- ",
    "1. ",
    ", ",
    "(",
    ")",
    ":",
    "，",
    "。",
    "“",
    "”",
    "#",
    "`",
    "> ",
]
WORDS = [
    "click",
    "Export",
    "the",
    "panel",
    "to ",
    "drag",
    "you can ",
    "点击",
    "导出",
    "时间线",
    "it",
    "🎉",
]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([*SIGNS, *WORDS, " "]), max_size=25).map("".join)
    | st.text(max_size=60)
)
@example("(")
@example("** ** \n - ")
def test_any_text_is_read_the_same_in_pieces(text: str) -> None:
    whole = translate(text)
    translator = Translator()
    # plain() takes out what drives a screen before the pieces are cut; do the same here.
    if whole.text and text.isprintable():
        shown = "".join(translator.feed(letter) for letter in text) + translator.close()
        assert shown == whole.text
    assert "  " not in whole.text or "  " in text
    assert "\n\n\n" not in whole.text


@pytest.mark.parametrize("text", ["you can " * 5000, "(" * 20000, '"' * 20000, "drag the " * 5000])
def test_a_long_text_without_an_end_is_kept_whole(text: str) -> None:
    assert len(translate(text).text) >= len(text) * 0.9


def test_languages_know_the_same_lists_and_patterns() -> None:
    english = load("en")
    chinese = load("zh")
    assert set(english.patterns) - set(chinese.patterns) <= {
        "clicking", "dragging", "opening", "control", "pane", "part", "key", "wait", "seen", "spot",
        "frame", "keys", "reports", "outright", "quoting", "firm",
    }  # fmt: skip
    assert set(english.templates) <= set(chinese.templates)


def test_an_unknown_language_is_read_as_english() -> None:
    assert translate("Click Export.", "xx") == translate("Click Export.")
    assert json.loads(json.dumps(translate("Click Export.", "zh").actions)) == ["export"]
