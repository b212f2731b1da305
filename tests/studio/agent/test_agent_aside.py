"""What is not about video is pointed elsewhere, and changes nothing; videos about it are made."""

from __future__ import annotations

import pytest
from agent_kit import paints
from test_agent_edits import talk

from skill.studio.agent import Project, respond
from skill.studio.agent.edits import AddTitle, Ask, Generate, Later, SetMusic, Talk
from skill.studio.agent.reply import say
from skill.studio.agent.understanding import understand

ELSEWHERE = Talk("elsewhere")

# fmt: off
STRANGERS = {
    "en": ["write me a poem about bread", "write an essay on cats", "help me with my homework",
           "what's the weather in Paris?", "translate this into French", "book a flight to Rome",
           "tell me a joke", "solve x^2=4", "write a python function", "who won the world cup",
           "order me a pizza", "can you write a 500 word essay about bees?", "a poem about love",
           "please summarize this article", "sing me a song", "give me a recipe for lasagna",
           "make a poem about the sea", "set an alarm for 7am", "how do I cook rice?",
           "send an email to Bob", "what's the capital of France?", "draft a cover letter"],
    "zh": ["给我写一首关于面包的诗", "写一篇关于猫的文章", "帮我做作业", "巴黎天气怎么样？",
           "把这个翻译成法语", "订一张去罗马的机票", "给我讲个笑话", "解方程x^2=4",
           "写一个python函数", "谁赢了世界杯？", "帮我订披萨", "帮我寫一首詩", "推荐一家餐厅"],
    "es": ["escríbeme un poema sobre el pan", "escribe un ensayo sobre gatos",
           "ayúdame con mis deberes", "¿qué tiempo hace en París?", "traduce esto al francés",
           "reserva un vuelo a Roma", "cuéntame un chiste", "resuelve x^2=4",
           "escribe una función de python", "¿quién ganó el mundial?", "pídeme una pizza"],
    "fr": ["écris-moi un poème sur le pain", "écris une dissertation sur les chats",
           "aide-moi à faire mes devoirs", "quel temps fait-il à Paris ?",
           "traduis ça en anglais", "réserve un vol pour Rome", "raconte-moi une blague",
           "résous x^2=4", "écris une fonction python", "qui a gagné la coupe du monde ?",
           "commande-moi une pizza"],
    "de": ["schreib mir ein Gedicht über Brot", "schreibe einen Aufsatz über Katzen",
           "hilf mir bei meinen Hausaufgaben", "wie ist das Wetter in Paris?",
           "übersetze das ins Französische", "buche einen Flug nach Rom",
           "kannst du mir einen Flug nach Rom buchen", "erzähl mir einen Witz", "löse x^2=4",
           "schreib eine Python-Funktion", "wer hat die Weltmeisterschaft gewonnen?",
           "bestell mir eine Pizza"],
    "pt": ["escreve-me um poema sobre pão", "escreva uma redação sobre gatos",
           "me ajuda com o dever de casa", "como está o tempo em Paris?",
           "traduza isto para o francês", "reserva um voo para Roma", "conta uma piada",
           "resolve x^2=4", "escreve uma função em python", "quem ganhou a copa do mundo?",
           "pede uma pizza para mim"],
    "ja": ["パンについての詩を書いて", "猫についてのエッセイを書いて", "宿題を手伝って",
           "パリの天気はどうですか?", "これをフランス語に翻訳して", "ローマ行きの飛行機を予約して",
           "冗談を言って", "x^2=4を解いて", "pythonの関数を書いて",
           "ワールドカップで優勝したのは誰?", "ピザを注文してください"],
    "ko": ["빵에 대한 시 써줘", "고양이에 대한 에세이 써줘", "숙제 도와줘",
           "파리 날씨 어때?", "이거 프랑스어로 번역해줘", "로마행 비행기 예약해줘",
            "농담 하나 해줘",
           "x^2=4 풀어줘", "파이썬 함수 써줘", "월드컵은 누가 이겼어?", "피자 주문해줘"],
    "ru": ["напиши мне стихотворение о хлебе", "напиши сочинение о кошках",
           "помоги с домашним заданием", "какая погода в Париже?", "переведи это на французский",
           "забронируй рейс в Рим", "расскажи анекдот", "реши x^2=4", "напиши функцию на python",
           "кто выиграл чемпионат мира?", "закажи мне пиццу"],
    "hi": ["मेरे लिए रोटी पर एक कविता लिखो", "बिल्लियों पर निबंध लिखो", "होमवर्क में मदद करो",
           "पेरिस में मौसम कैसा है?", "इसका फ्रेंच में अनुवाद करो", "रोम की फ्लाइट बुक करो",
           "एक चुटकुला सुनाओ", "x^2=4 हल करो", "एक पायथन फंक्शन लिखो",
           "विश्व कप किसने जीता?", "मेरे लिए पिज़्ज़ा ऑर्डर करो"],
    "ar": ["اكتب لي قصيدة عن الخبز", "اكتب مقالا عن القطط", "ساعدني في واجبي المدرسي",
           "كيف الطقس في باريس؟", "ترجم هذا إلى الفرنسية", "احجز رحلة إلى روما",
           "احك لي نكتة", "حل المعادلة x^2=4", "اكتب دالة بايثون", "من فاز بكأس العالم؟",
           "اطلب لي بيتزا"],
    "id": ["tuliskan puisi tentang roti", "tulis esai tentang kucing",
           "bantu saya mengerjakan PR", "bagaimana cuaca di Paris?",
           "terjemahkan ini ke bahasa Prancis", "pesan tiket pesawat ke Roma",
           "ceritakan lelucon", "selesaikan x^2=4", "tulis fungsi python",
           "siapa yang menang piala dunia?", "pesankan saya pizza"],
}
WISHES = {
    "en": [("a video of a chef making pizza", Generate), ("a title 'Poem about bread'", AddTitle),
           ("put my poem on the screen: 'Bread is good'", AddTitle),
           ("a clip about the weather in Paris", Generate), ("a plane flying to Rome", Generate),
           ("make a video about my homework", Generate), ("write 'Hello' on it", AddTitle),
           ("a clip of someone writing a poem", Generate), ("write happy birthday", AddTitle),
           ("add a title: my homework", AddTitle), ("write me a song", SetMusic),
           ("create a video recipe for pizza", Generate), ("write a title", Ask),
           ("tell me a joke in a video", Generate), ("generate stormy weather over Paris",
            Generate),
           ("show a woman reading a recipe", Generate),
           ("make a clip of kids doing homework", Generate)],
    "zh": [("做一个厨师做披萨的视频", Generate), ("加标题“面包的诗”", AddTitle),
           ("巴黎天气的短片", Generate), ("生成一个男人写诗的视频", Generate),
           ("写上“你好”", AddTitle), ("一个男人在打电话", Generate)],
    "es": [("un video de un chef haciendo pizza", Generate),
           ("pon el título 'Poema sobre el pan'", AddTitle),
           ("un clip sobre el tiempo en París", Generate)],
    "fr": [("une vidéo d'un chef qui fait une pizza", Generate),
           ("ajoute le titre « Poème sur le pain »", AddTitle),
           ("un clip sur la météo à Paris", Generate)],
    "de": [("ein Video von einem Koch, der Pizza macht", Generate),
           ("setze den Titel „Gedicht über Brot“", AddTitle),
           ("ein Clip über das Wetter in Paris", Generate)],
    "pt": [("um vídeo de um chef fazendo pizza", Generate),
           ("coloca o título 'Poema sobre pão'", AddTitle),
           ("um clipe sobre o tempo em Paris", Generate)],
    "ja": [("ピザを作るシェフの動画を作って", Generate), ("タイトル「パンの詩」を追加して",
            AddTitle),
           ("パリの天気についての動画を作って", Generate), ("詩を書いている人の動画", Generate)],
    "ko": [("피자 만드는 요리사 영상 만들어줘", Generate), ("제목 '빵의 시' 넣어줘", AddTitle),
           ("파리 날씨에 대한 영상 만들어줘", Generate)],
    "ru": [("видео, где повар делает пиццу", Generate), ("добавь заголовок «Стих о хлебе»",
            AddTitle),
           ("клип о погоде в Париже", Generate)],
    "hi": [("पिज़्ज़ा बनाते शेफ का वीडियो बनाओ", Generate), ("शीर्षक 'रोटी की कविता' जोड़ो",
            AddTitle),
           ("पेरिस के मौसम का वीडियो बनाओ", Generate)],
    "ar": [("فيديو لطاه يصنع البيتزا", Generate), ("أضف عنوان «قصيدة الخبز»", AddTitle),
           ("مقطع عن الطقس في باريس", Generate)],
    "id": [("video koki membuat pizza", Generate), ("tambahkan judul 'Puisi tentang roti'",
            AddTitle),
           ("klip tentang cuaca di Paris", Generate)],
}
# fmt: on


@pytest.mark.parametrize(
    ("language", "message"), [(tag, said) for tag, group in STRANGERS.items() for said in group]
)
def test_what_is_not_about_video_is_pointed_elsewhere(language: str, message: str) -> None:
    understood = understand(message, language=language, paints=paints)
    assert (understood.wishes, understood.language) == ((ELSEWHERE,), language)


@pytest.mark.parametrize(
    ("language", "message", "kind"),
    [(tag, said, kind) for tag, group in WISHES.items() for said, kind in group],
)
def test_a_video_about_it_is_a_wish(language: str, message: str, kind: type) -> None:
    (wish,) = understand(message, language=language, paints=paints).wishes
    assert isinstance(wish, kind)


@pytest.mark.parametrize("language", STRANGERS)
def test_the_answer_says_what_is_done_here_and_what_to_try(language: str) -> None:
    message = STRANGERS[language][0]
    answer = respond(message, Project(), language)
    assert answer.text == say("talk.elsewhere", language)
    assert (answer.draft, answer.move, answer.tool) == (None, None, "")


@pytest.mark.parametrize(
    ("message", "topic"),
    [
        ("what can you do?", "help"), ("help me", "help"), ("is this free?", "free"),
        ("how do I add a title?", "how_title"), ("how do I make it longer?", "help"),
        ("who are you?", "who"), ("is it possible to use it offline?", "question"),
        ("export", "export"), ("why is the video black?", "question"),
    ],
)  # fmt: skip
def test_questions_about_the_studio_are_answered(message: str, topic: str) -> None:
    assert understand(message).wishes == (Talk(topic),)


def test_what_can_be_done_of_a_message_is_done() -> None:
    answer = respond("add lo-fi music and tell me a joke", talk("a forest"))
    assert answer.draft is not None
    assert answer.text.endswith(say("talk.elsewhere", "en"))


def test_a_feature_that_is_to_come_is_no_stranger() -> None:
    assert understand("add a voice over reading my poem").wishes == (Later("voice"),)
