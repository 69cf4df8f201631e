"""What people are called, and what is written around their names."""

#: Behind the surnames of most people of before.
MIDDLES = frozenset(("van", "thi"))
#: Syllables that people and companies are called by. If two that differ by a letter
#: both stand here, none is mistyped: *Minh* and *Vinh* are brothers.
IN_USE = frozenset(
    (
        "ai an anh au ba bac bach ban bang banh bao bau bay be bich bien binh bong "
        "bui buu cam can canh cao cat cau cham chanh chau che chi chien chin chinh "
        "chu chuan chung chuong chuyen co cong cu cuc cuoc cuong da dac dai dam dan "
        "dang danh dao dat dau de di diem dien diep dieu dinh do doan doanh doi don "
        "dong du duc dung duong duy duyen duyet gam gia giai giang giao giap ha hai "
        "ham han hang hanh hao hau hien hiep hieu hinh ho hoa hoach hoai hoan hoang "
        "hoanh hoat hoc hoi hong hop hua huan hue hung huong huu huy huyen huynh ich "
        "kha khac khai khang khanh khiem khiet khoa khoat khoi khong khue khuong "
        "khuyen kiem kien kiet kieu kim kinh ky la lac lai lam lan lang lanh lap le "
        "len lich liem lien lieu linh lo loan loc loi long lu lua luan luat luc luong "
        "luu luyen ly ma mac mai man manh mao mau may men mi minh mo mong mot muc mui "
        "muoi muon my na nac nam nang nga ngan nghi nghia nghiem ngo ngoan ngoc ngon "
        "ngu ngung nguyen nguyet nha nham nhan nhat nhi nhien nho nhu nhuan nhung "
        "nhuong nhut ninh noi nu nuong oai oanh on phac phach pham phan phat phi "
        "phong phu phuc phung phuoc phuong quach quan quang que quoc quy quyen quyet "
        "quynh ren ri sac sach sam san sang sanh sau sen si sinh so soan son song su "
        "suong suu sy ta tai tam tan tang tao tat tay teo tha thach thai tham than "
        "thang thanh thao the them theu thi thien thiep thiet thieu thin thinh tho "
        "thoa thoai thom thong thu thua thuan thuat thuc thuong thuy thuyen thuyet "
        "thy ti tich tien tiep tieu tin tinh to toai toan toi ton tong tra trac trach "
        "tram tran trang tri triet trieu trinh trong tru truc trung truong tu tua "
        "tuan tuat tue tung tuoi tuong tuy tuyen tuyet ty ung uoc ut uy uyen van vang "
        "vi vien viet vinh vo von vong vu vui vuong vy xinh xoan xuan xuyen y yen "
    ).split()
)
#: Words that are said in two ways, since one was forbidden in a part of the country, or
#: abroad.
SAID_ALIKE = (
    ("canh", "kieng"),
    ("choi", "choe"),
    ("jung", "jeong"),
    ("lee", "yi"),
    ("park", "pak"),
    ("david", "dave"),
    ("edward", "ed"),
    ("james", "jim"),
    ("john", "jack"),
    ("michael", "mike"),
    ("robert", "bob"),
    ("thomas", "tom"),
    ("william", "bill"),
    ("chau", "chu"),
    ("hoang", "huynh"),
    ("nhan", "nhon"),
    ("nhat", "nhut"),
    ("phuc", "phuoc"),
    ("quoi", "quy"),
    ("sanh", "sinh"),
    ("vo", "vu"),
)
#: What men abroad are called, whose names with an *a* behind them are a woman's: both
#: *Helen* and *Helena* are hers.
MEN_ABROAD = frozenset(
    "albert alexandr andre angel bernard bernhard carl christian claudi daniel eduard "
    "emanuel emil eric erik ernest fabian ferdinand francesc frederic frederik gabriel "
    "georg george henrik ivan jan joel johan josef joseph julian karl luis manuel "
    "marcel martin michael miguel mikael nicol norbert patrici paul philipp rafael "
    "raphael robert roman samuel stefan stephan valentin victor viktor wilhelm".split()
)
#: How one speaks to people, before their names, with the marks of those that are names
#: as well without them; in the south people are called by which child they are.
TITLES = dict.fromkeys(
    "anh em khun mr mrs ms miss dr sr soeur lm dd ntk ktv nsnd nsut hlv hdv tx bs "
    "bsck1 bsck2 bscki bsckii ck1 ck2 cki ckii ths ts gs pgs ks kts ls ds".split()
) | {
    "ba": "bà",
    "bac": "bác",
    "bay": "bảy",
    "cau": "cậu",
    "cha": "cha",
    "chau": "cháu",
    "chi": "chị",
    "chin": "chín",
    "chu": "chú",
    "co": "cô",
    "di": "dì",
    "duong": "dượng",
    "gd": "gđ",
    "hai": "hai",
    "muoi": "mười",
    "nam": "năm",
    "ong": "ông",
    "pgd": "pgđ",
    "sau": "sáu",
    "tam": "tám",
    "tgd": "tgđ",
    "thay": "thầy",
    "thich": "thích",
    "tu": "tư",
    "ut": "út",
}
#: Which child somebody is.
ORDERS = frozenset("hai ba tu nam sau bay tam chin muoi ut".split())
#: Whom a title is of.
GENDERS = dict.fromkeys("ong anh a chu cau duong mr".split(), "m") | dict.fromkeys(
    "ba chi c co di mrs ms miss".split(), "f"
)
#: Titles of two words, and letters that stand for Anh, Chị and Em.
LONG_TITLES = frozenset(
    "bac si,bac sy,duoc si,duoc sy,thac si,thac sy,tien si,tien sy,luat su,ky su,"
    "su co,ni su,su thay,dai duc,thuong toa,hoa thuong,linh muc,muc su,thich nu,"
    "giao su,giam doc,ke toan,truong phong,co giao,thay giao,ho ong,ho ba,co dau,"
    "chu re".split(",")
)
LETTERS = frozenset("ace")
#: Somebody who is called by whom they belong to: *vợ anh Tuấn*, *mẹ bé Na*. What they
#: are to them comes first; *vo* without a mark is a surname, unless a title follows.
RELATIVES = (
    r"(me|bo|chong|con trai|con gai|em trai|em gai|chi gai|anh trai|gia dinh|phu huynh"
    r"|ph|ba noi|ba ngoai|ba xa|ong noi|ong ngoai|ong xa|thu ky|tro ly|tai xe"
    r"|(?:ba|cha|tia)(?= be )"
    r"|(?:vo|con|ma|nha|sep|chau)"
    r"(?= (?:anh|chi_?|co_?|chu|bac|ong|ba|be|em|thay|a|c) ))"
    r"(?: (?:anh|chi_?|co_?|chu|bac|ong|ba|be|em|thay|cau|di|a|c|sep|hoc sinh|hs))*"
    r" (?=\w)"
)
#: The same, for whoever has children.
PARENTS = frozenset(("me", "bo", "ma", "ba", "cha", "tia", "phu huynh", "ph"))
#: Of these whoever can only be one of the two.
MOTHERS, FATHERS = frozenset(("me", "ma")), frozenset(("bo", "ba", "cha", "tia"))
#: Behind whom somebody stands in brackets: *vợ anh Tuấn*.
KIN = frozenset("vo chong con me bo ba ma cha em chi anh chau nha ban sep".split())
#: What a clerk writes before a name: what is known of somebody.
LABELS = frozenset(
    "vip kh ncc ctv dl no moi cu si zalo fb facebook shopee lazada tiki tiktok sendo"
    " web".split()
)
#: Whoever is called so has no name yet: a regular expression for all of it.
NO_NAME = (
    r"(?:khach|nguoi mua|nguoi ban)(?: (?:hang|le|mua|vang lai|moi|quen|la|si"
    r"|khong .*|chua .*))*"
    r"|nguoi nha(?: benh nhan)?|tai xe(?: grab)?|shipper"
    r"|(?:khach |don )?ship(?: cod)?|don hang(?: .*)?"
    r"|(?:khong|chua)(?: co| ro| biet)*(?: (?:ten|thong tin))?|ko(?: co)?(?: ten)?"
    r"|(?:test|thu|demo)(?: \d+)?|(?:khach )?test\d*|abc|xyz|asdf?|a{2,}|x{2,}|n a|none"
    r"|null|unknown|no name|noname|vo danh|an danh|ten|ho ten|ho va ten|khach"
    r"|(?:nguyen|tran|le) (?:van|thi) [abcx]"
)
#: What a clerk writes behind what somebody is called, not behind a full name: *Hưởng
#: thợ sơn*, *Hạnh mẹ bé Bin*, *Thắm vợ Tư Lành*. A regular expression.
NOTES = (
    r" (?:(?:tho|ban|cho thue|chu nha|chu tro|xe|ghe) \w"
    r"|(?:me|ma|bo) (?:be|con|cua|chau) "
    r"|cua \w|(?:vo|con|em|chau) (?:ong|ba|anh|chi|chu|co|bac|di|thay|be|tu|ut|sau|bay"
    r"|nam|hai|muoi|tam|chin) \w)"
)
#: What people do, behind their names.
POSTS = (
    "bao ve",
    "cskh",
    "giam doc",
    "it",
    "ke toan",
    "kinh doanh",
    "ky thuat",
    "le tan",
    "mua hang",
    "nhan su",
    "quan ly",
    "quan_ ly",
    "sale",
    "sales",
    "thu kho",
    "thu ky",
    "thu mua",
    "thu quy",
    "thach cao",
    "thau",
    "thau xay",
    "tho dien",
    "tho ho",
    "tho moc",
    "tho son",
    "tho xay",
    "tro ly",
    "truong phong",
    "truong_ phong",
)
#: Without any marks such words are a title before one of these only: Chu is a surname.
SURNAMES = frozenset(
    "bui cao dang dao dinh do doan duong ha ho hoang huynh lam le luong luu ly mai ngo "
    "nguyen phan pham ta to tran trinh truong vo vu".split()
)
