"""The words that the offline agent knows, English and Japanese, as tables of patterns.

Every pattern is searched in text that is NFKC-normalised and case-folded. English words match
whole words only; Japanese has no word boundaries, so its patterns name the exceptions.
"""

import re
from typing import Final, Literal, cast, get_args

Game = Literal["breakout", "snake", "shooter", "flyer", "runner", "memory"]
Difficulty = Literal["easy", "normal", "hard"]
Role = Literal["background", "player", "targets", "treats", "text"]

GAMES: Final[tuple[Game, ...]] = cast(tuple[Game, ...], get_args(Game))
DIFFICULTIES: Final[tuple[Difficulty, ...]] = cast(tuple[Difficulty, ...], get_args(Difficulty))


def _words(english: str, japanese: str = r"(?!)") -> re.Pattern[str]:
    """A pattern of `|`-separated English words and Japanese fragments."""
    return re.compile(rf"(?<![a-z0-9])(?:{english})(?![a-z0-9])|{japanese}")


_MORE: Final = r"(?:increase|raise|turn up|more)"
_LESS: Final = r"(?:decrease|reduce|lower|turn down|less)"

# Names of the genre: enough to ask for another game.
GAME_NAMES: Final[dict[Game, re.Pattern[str]]] = {
    "breakout": _words(
        r"breakout|(?:brick|block)s?[ -]?break(?:er|ing)?|arkanoid|break(?:ing)? (?:brick|block)s",
        r"ブロック(?:崩|くず)し|アルカノイド",
    ),
    "snake": _words(r"snakes?", r"スネーク|ヘビ|へび|蛇"),
    "shooter": _words(
        r"(?:space )?shooters?|shoot(?:ing|[ -]?'?em[ -]?up)|shmup|(?:space )?invaders?|galaga",
        r"シューティング|シューター|インベーダー|弾幕",
    ),
    "flyer": _words(r"flappy(?: bird)?|one[ -]tap(?: flyer)?|flyer", r"フラッピー|ワンタップ"),
    "runner": _words(
        r"(?:endless )?runners?|platform(?:er|ing)?|jump(?:er|ing game| and run| game)",
        r"ランナー|ランゲーム|ジャンプ(?:ゲーム|アクション)|横スクロール|プラットフォーマー",
    ),
    "memory": _words(
        r"memory|concentration|(?:matching )?pairs|(?:card|pair)[ -]matching",
        r"神経衰弱|メモリー|記憶|絵合わせ",
    ),
}

# Things that suggest a genre when a game is made, and mean nothing else.
GAME_HINTS: Final[dict[Game, re.Pattern[str]]] = {
    "breakout": _words(r"bricks?|blocks?|paddle|balls?|pong", r"ブロック|ボール|パドル"),
    "snake": _words(r"worms?|apples?|nokia", r"ミミズ|りんご|リンゴ"),
    "shooter": _words(
        r"space|aliens?|lasers?|rockets?|(?:space)?ships?|shoot|guns?|asteroids?|ufos?",
        r"宇宙|ロケット|戦闘機|エイリアン|ビーム|撃",
    ),
    "flyer": _words(
        r"birds?|fly|flying|wings?|plane|pipes?|helicopter|balloons?|dragons?",
        r"鳥|飛[ぶびん行]|風船|ドラゴン|土管",
    ),
    "runner": _words(
        r"jump|jumping|run|running|dino|dinosaurs?|ninjas?|cats?|dogs?",
        r"ジャンプ|走[るりっ]|恐竜|忍者|ネコ|ねこ|猫|犬",
    ),
    "memory": _words(
        r"puzzles?|cards?|match|matching|brain|quiz", r"パズル|カード|トランプ|脳トレ|クイズ"
    ),
}

MOODS: Final[dict[str, re.Pattern[str]]] = {
    "neon": _words(r"neon|cyberpunk|synthwave|glow(?:ing)?", r"ネオン|サイバー"),
    "pastel": _words(r"pastels?|cute|kawaii", r"パステル|かわいい|可愛い"),
    "monochrome": _words(r"monochrome|noir|black (?:and|&) white", r"モノクロ|白黒|モノトーン"),
    "sunset": _words(r"sunset|dusk|sunrise", r"サンセット|夕焼け|夕日|夕陽"),
    "ocean": _words(r"ocean|sea|underwater|water|marine", r"オーシャン|海|水中"),
    "forest": _words(r"forest|jungle|woods|nature", r"森|ジャングル|自然"),
    "candy": _words(
        r"candy|sweets?|cake|bright(?:er)?|colou?rful",
        r"キャンディ|お菓子|スイーツ|カラフル|明る[いく]",
    ),
    "retro": _words(r"retro|arcade|8[ -]?bit|game ?boy", r"レトロ|ドット絵|8ビット"),
    "snow": _words(r"snow(?:y)?|ice|icy|winter|frozen", r"雪|氷|冬"),
    "fire": _words(r"fire|lava|volcano|flames?", r"炎|火山|溶岩|マグマ"),
    "space": _words(r"space|galaxy|cosmic|night|starry", r"宇宙|銀河|星空|夜"),
    "dark": _words(
        r"dark(?:er| mode)?(?! (?:red|orange|green|blue|purple|pink|brown|gr[ae]y))|gothic|horror",
        r"ダーク|暗[いくめ]|ホラー",
    ),
}

COLOURS: Final[dict[str, re.Pattern[str]]] = {
    "red": _words(r"red|crimson|scarlet", r"赤(?!ちゃん)|レッド"),
    "orange": _words(r"oranges?", r"オレンジ|橙"),
    "yellow": _words(r"yellow", r"黄色|黄(?=[いに])|イエロー"),
    "green": _words(r"green|lime|emerald", r"緑|グリーン"),
    "cyan": _words(r"cyan|turquoise|teal|aqua|light blue|sky blue", r"水色|シアン|空色"),
    "blue": _words(r"blue|navy", r"青(?!春)|ブルー"),
    "purple": _words(r"purple|violet", r"紫|パープル"),
    "pink": _words(r"pink|magenta", r"ピンク|桃色"),
    "brown": _words(r"brown", r"茶色|ブラウン"),
    "gold": _words(r"gold|golden", r"金色|ゴールド"),
    "white": _words(r"white", r"(?<!面)白|ホワイト"),
    "black": _words(r"black", r"黒|ブラック"),
    "grey": _words(r"gr[ae]y|silver", r"灰色|グレー|銀色"),
}

ROLES: Final[dict[Role, re.Pattern[str]]] = {
    "text": _words(r"text|letters?|font", r"文字|テキスト|フォント"),
    "background": _words(r"background|backdrop|sky", r"背景|バック(?!ル)|空(?!色)"),
    "treats": _words(r"food|apples?|coins?|items?|stars?", r"エサ|えさ|餌|コイン|アイテム|星"),
    "targets": _words(
        r"bricks?|blocks?|enem(?:y|ies)|aliens?|pipes?|obstacles?|walls?",
        r"ブロック(?!崩|くず)|敵|土管|障害物|壁",
    ),
    "player": _words(
        r"paddle|ball|ship|bird|snake|player|hero|character|runner|cards?",
        r"パドル|ボール|自機|鳥|ヘビ|へび|蛇|プレイヤー|主人公|キャラ|カード",
    ),
}

DIFFICULTY_NAMES: Final[dict[Difficulty, re.Pattern[str]]] = {
    "easy": _words(r"easy|simple|beginner|gentle", r"やさし|易し|簡単|かんたん|イージー"),
    "normal": _words(r"normal|medium", r"普通|ふつう|ノーマル"),
    "hard": _words(r"hard|difficult|challenging|expert", r"難し|むずかし|ハード(?!ウ)|激ムズ"),
}

# One step from where the game stands; looked for before the names above.
EASIER: Final = _words(
    rf"easier|less (?:hard|difficult)|{_LESS} (?:the )?difficulty",
    r"(?:やさし|易し|簡単|かんたん)[くに]|難易度を?(?:下げ|落と)",
)
HARDER: Final = _words(
    rf"harder|more (?:difficult|challenging)|less easy|{_MORE} (?:the )?difficulty",
    r"(?:難し|むずかし)く|難易度を?(?:上げ|あげ|アップ)",
)

FASTER: Final = _words(
    r"fast(?:er)?|quick(?:er)?|speed (?:(?:it|things|the [a-z]+) )?up|speedy"
    rf"|(?:{_MORE}|double|twice) (?:the )?(?:[a-z]+ )?speed",
    r"速[くい]|早く|はやく|(?:スピード|速度)を?(?:上げ|あげ|アップ|[\d.]*倍|二倍)",
)
SLOWER: Final = _words(
    rf"slow(?:er|ly)?|slow (?:it )?down|(?:{_LESS}|halve|half) (?:the )?(?:[a-z]+ )?speed",
    r"遅[くい]|おそく|ゆっくり|(?:スピード|速度)を?(?:下げ|さげ|落と|ダウン|半分)",
)
BIGGER: Final = _words(
    rf"big(?:ger)?|larger?|huge|giant|enlarge|wider|(?:{_MORE}|double|twice) the size",
    r"大き[くい]|でか[くい]|おおきく|巨大|(?:パドル|バー)[^、。]{0,4}(?:長|太|広)く"
    r"|(?:サイズ|大きさ)を?(?:[\d.]*倍|二倍)",
)
SMALLER: Final = _words(
    rf"small(?:er)?|tiny|tinier|shrink|narrower|(?:{_LESS}|half|halve) the size",
    r"小さ[くい]|ちいさく|(?:パドル|バー)[^、。]{0,4}(?:短|細)く|(?:サイズ|大きさ)を?半分",
)

# What is said to be too much is wanted the other way: each is read as the words beside it.
TOO_MUCH: Final = (
    (_words(r"too (?:fast|quick)", r"(?:速|早|はや)(?:す|過)ぎ"), " slower "),
    (_words(r"too slow", r"(?:遅|おそ)(?:す|過)ぎ"), " faster "),
    (_words(r"too (?:big|large|huge|wide)", r"(?:大き|でか)(?:す|過)ぎ"), " smaller "),
    (_words(r"too (?:small|tiny|narrow)", r"(?:小さ|ちいさ)(?:す|過)ぎ"), " bigger "),
    (_words(r"too (?:hard|difficult)", r"(?:難し|むずかし)(?:す|過)ぎ"), " easier "),
    (
        _words(r"too (?:easy|simple)", r"(?:簡単|かんたん|やさし|易し)(?:す|過)ぎ"),
        " harder ",
    ),
)

# How much "faster" or "bigger" means.
TIMES: Final = re.compile(r"(?<![\d.])(\d(?:\.\d+)?)(?:倍| ?x(?![a-z0-9])| times)")
DOUBLE: Final = _words(r"twice|double|two times", r"二倍|倍に|倍の")
HALF: Final = _words(r"half|halve", r"半分")
MUCH: Final = _words(r"much|far|way|a lot|very|really", r"もっと|かなり|すごく|とても|ずっと")
A_LITTLE: Final = _words(r"slightly|a (?:little|bit)|somewhat", r"少し|ちょっと|やや|すこし")

# A game is asked for; the last English form is a message that begins with its name.
CREATION: Final = _words(
    r"instead|(?:make|create|build|generate|give|want)(?: me| us)? (?:an?|another|new)"
    r"|(?:an?|new|another)(?: [a-z0-9-]+){0,4} games?"
    r"|^\s*(?!(?:the|this|that|my|your) )(?:[a-z0-9-]+ ){1,4}games?",
    r"ゲーム(?=[をがでに、。!\s]|$)|代わり|かわり|作って|作成|つくって|作りたい",
)
TITLE: Final = _words(r"titled?|named?|call(?:ed)?|rename", r"タイトル|名前|題名|という")
# One that is new, whatever there is.
NEW_GAME: Final = _words(
    r"(?:make|create|build|generate|give|want|try)[^.!?\n]{0,40}"
    r" (?:new|another|different)(?: [a-z]+){0,2} game|start over|from scratch",
    r"(?:新しい|別の|違う|他の|新規)ゲーム[をがに]|作り直し"
    r"|ゲームを(?:作成|作りた|(?:作|つく)って(?!くれ[てた]))",
)
THREE_DIMENSIONAL: Final = _words(r"3[ -]?d", r"3d|立体")
