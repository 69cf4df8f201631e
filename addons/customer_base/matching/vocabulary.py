"""Words of names that tell nobody apart, and those by which people are called.

All in small letters and without marks, unless said otherwise.
"""

#: What a company is by law. A line below a word says that it has other marks there than
#: ``WITH_MARKS`` has.
LEGAL_FORMS = (
    "trach nhiem huu han",
    "doanh nghiep tu nhan",
    "ho kinh doanh",
    "ho kd",
    "hop tac xa",
    "hop danh",
    "van phong dai dien",
    "van_ phong dai dien",
    "mot thanh vien",
    "hai thanh vien tro len",
    "hai thanh vien",
    "1 thanh vien",
    "2 thanh vien",
    "chi nhanh",
    "tong cong ty",
    "cong ty",
    "cong ti",
    "tap doan",
    "group",
    "co phan",
    "co_ phan",
    "co so san xuat",
    "co_ so san xuat",
    "co so",
    "co_ so",
    "cua hang",
    "joint stock",
    "joint stock company",
    "ct tnhh",
    "ct cp",
    "ct co_ phan",
    "tnhh",
    "cty",
    "ctcp",
    "ctcpdt",
    "cttnhh",
    "c ty",
    "dntn",
    "htx",
    "hkd",
    "vpdd",
    "tct",
    "mtv",
    "1tv",
    "2tv",
    "tv",
    "cp",
    "cn",
    "jsc",
    "ltd",
    "pte",
    "llc",
    "plc",
    "gmbh",
    "limited",
    "company",
    "corporation",
    "corp",
    "inc",
)
#: *Co.* is one at the end, and before *Ltd*: elsewhere it is Cơ, Cỏ or Cô.
LEGAL_ENDS = ("co ltd", "co llc", "co", "sdn bhd", "sp z o o", "co kg")
#: What many companies do: it tells nobody apart. Short forms mean the same.
GENERIC = (
    "san xuat",
    "thuong mai",
    "dich vu",
    "xuat nhap khau",
    "dau tu",
    "xay dung",
    "phat trien",
    "ky thuat",
    "cong nghe",
    "tu van",
    "quoc te",
    "thiet bi",
    "viet nam",
    "vat lieu xay dung",
    "vlxd",
    "import export",
    "import and export",
    "trading",
    "service",
    "services",
    "investment",
    "development",
    "manufacturing",
    "production",
    "construction",
    "technology",
    "equipment",
    "international",
    "vietnam",
    "tm",
    "dv",
    "sx",
    "xd",
    "dt",
    "pt",
    "kd",
    "vn",
    "and",
    "va",
)
#: Short forms that are written together in any order, as in *SXTMDV* and *CPĐT*: a
#: regular expression.
GLUED = r"(?=\w{3})(?:tnhh|mtv|[12]tv|sx|tm|dv|xnk|xd|dt|pt|vt|kd|kt|cp)+"
#: A name that begins so has a legal form; shorter ones may be anything.
LEGAL_BEGINNINGS = (
    *(form for form in LEGAL_FORMS if len(form) > 3),
    "tct",
    "hkd",
    "htx",
    "cty",
    "cn cong ty",
    "cn cty",
    "cn ngan hang",
)
#: Names that begin or end so are those of companies, whoever ticked what.
BEGINNINGS = (
    *LEGAL_BEGINNINGS,
    "ngan hang",
    "benh vien",
    "truong tieu hoc",
    "truong mam non",
    "truong mau giao",
    "truong dai hoc",
    "truong cao dang",
    "truong thcs",
    "truong thpt",
    "trung tam",
    "phong kham",
    "nha thuoc",
    "nha hang",
    "khach san",
    "sieu thi",
    "tap hoa",
    "xi nghiep",
    "uy ban nhan dan",
    "ubnd",
    "showroom",
    "van phong luat",
    "van_ phong luat",
    "van_ phong cong chung",
)
ENDS = (
    "tnhh",
    "jsc",
    "ltd",
    "llc",
    "plc",
    "gmbh",
    "limited",
    "company",
    "corporation",
    "corp",
    "inc",
    "and co",
    "1tv",
    "mtv",
)
#: What words of forms are written with: *Tú Vân* is no *tư vấn*, *Cơ* no *Co.* A word
#: without any marks may be either.
WITH_MARKS = {
    "chi": "chi",
    "co": "co",
    "cong": "công",
    "ho": "hộ",
    "nha": "nhà",
    "nhanh": "nhánh",
    "ti": "ti",
    "truong": "trường",
    "tu": "tư",
    "ty": "ty",
    "va": "và",
    "van": "vấn",
}
#: What companies do, in English and as they write it in Vietnam.
IN_VIETNAMESE = {
    "bank": "ngan hang",
    "cement": "xi mang",
    "coffee": "ca phe",
    "cafe": "ca phe",
    "dairy": "sua",
    "education": "giao duc",
    "electric": "dien",
    "electrical": "dien",
    "electronic": "dien tu",
    "electronics": "dien tu",
    "food": "thuc pham",
    "foods": "thuc pham",
    "furniture": "noi that",
    "garment": "may",
    "garments": "may",
    "hospital": "benh vien",
    "hotel": "khach san",
    "insurance": "bao hiem",
    "law": "luat",
    "mechanical": "co khi",
    "packaging": "bao bi",
    "paper": "giay",
    "pharma": "duoc pham",
    "pharmaceutical": "duoc pham",
    "pharmaceuticals": "duoc pham",
    "pharmacy": "nha thuoc",
    "plastic": "nhua",
    "plastics": "nhua",
    "printing": "in",
    "restaurant": "nha hang",
    "rubber": "cao su",
    "seafood": "hai san",
    "securities": "chung khoan",
    "software": "phan mem",
    "solution": "giai phap",
    "solutions": "giai phap",
    "steel": "thep",
    "supermarket": "sieu thi",
    "textile": "det",
    "tourism": "du lich",
    "transport": "van tai",
    "transportation": "van tai",
    "travel": "du lich",
    "wood": "go",
}
#: A part of a company, not all of it.
BRANCHES = (
    "chi nhanh",
    "cn cong ty",
    "cn cty",
    "cn ngan hang",
    "van phong dai dien",
    "van_ phong dai dien",
    "vpdd",
    "van_ phong giao dich",
)
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
#: How one speaks to people, before their names, with the marks of those that are names
#: as well without them.
TITLES = dict.fromkeys(
    "anh em mr mrs ms miss dr bs bsck1 bsck2 bscki bsckii ck1 ck2 cki ckii ths ts gs "
    "pgs ks kts ls ds".split()
) | {
    "ba": "bà",
    "bac": "bác",
    "cau": "cậu",
    "chi": "chị",
    "chu": "chú",
    "co": "cô",
    "di": "dì",
    "duong": "dượng",
    "gd": "gđ",
    "ong": "ông",
    "pgd": "pgđ",
    "tgd": "tgđ",
    "thay": "thầy",
}
#: Titles of two words, and letters that stand for Anh, Chị and Em.
LONG_TITLES = frozenset(
    "bac si,bac sy,duoc si,duoc sy,thac si,thac sy,tien si,tien sy,luat su,ky su,"
    "giao su,giam doc,ke toan,truong phong".split(",")
)
LETTERS = frozenset("ace")
#: What people do, behind their names.
POSTS = (
    "bao ve",
    "giam doc",
    "ke toan",
    "kinh doanh",
    "ky thuat",
    "le tan",
    "mua hang",
    "nhan su",
    "quan ly",
    "thu kho",
    "thu ky",
    "thu mua",
    "thu quy",
    "tro ly",
    "truong phong",
)
#: Without any marks such words are a title before one of these only: Chu is a surname.
SURNAMES = frozenset(
    "bui cao dang dao dinh do doan duong ha ho hoang huynh lam le luong luu ly mai ngo "
    "nguyen phan pham ta to tran trinh truong vo vu".split()
)
