"""Tiny data sets in MovieLens' layouts, invented here."""

from pathlib import Path

FLAGS = {"action": 1, "comedy": 5, "drama": 8}


def item(number: int, name: str, released: str = "01-Jan-1995", genres=("drama",)) -> str:
    flags = ["0"] * 19
    for genre in genres:
        flags[FLAGS[genre]] = "1"
    return "|".join([str(number), name, released, "", "http://example.com", *flags])


OLD = {
    "u.item": [
        item(1, "Lantern, The (1994)", genres=("action", "drama")),
        item(2, "Café Below (1996)", genres=("comedy",)),
        item(3, "unknown", "", ()),
    ],
    "u.user": ["1|24|F|writer|00000", "2|61|M|doctor|11111"],
    "u.data": [
        "1\t1\t5\t881250949",
        "1\t2\t3\t881250949",
        "2\t1\t1\t891717742",
        "2\t3\t4\t878887116",
    ],
    "credits.csv": [
        "item_id,billing_order,name",
        "1,1,Ada Quill",
        "1,2,Bo Renn",
        "1,3,Cy Tarn",
        "1,4,Di Voss",
        "2,1,Ada Quill",
    ],
}
NEW = {
    "movies.dat": ["1::Lantern, The (1994)::Action|Drama", "2::Café Below (1996)::Children's"],
    "users.dat": ["1::F::18::10::00000", "2::M::56::16::11111"],
    "ratings.dat": ["1::1::5::978300760", "2::2::3::978302109"],
}
TEN = {
    "movies.dat": [
        "1::Lantern, The (1994)::Adventure|Children|IMAX",
        "2::Café Below (1996)::(no genres listed)",
    ],
    "ratings.dat": ["1::1::3.5::978300760", "2::2::0.5::978302109"],
    "tags.dat": ["1::1::excellent!::1215184630"],
}
LATEST = {
    "movies.csv": [
        "movieId,title,genres",
        '1,"Lantern, The (1994)",Adventure|Children|IMAX|Film-Noir',
        '2,"Cité des enfants, La (City of Children, The) (1996)",(no genres listed)',
        "3,Nowhere,Drama",
    ],
    "ratings.csv": ["userId,movieId,rating,timestamp", "1,1,4.0,978300760", "7,2,0.5,978302109"],
    "links.csv": ["movieId,imdbId,tmdbId", "1,0114709,862"],
    "tags.csv": ["userId,movieId,tag,timestamp", "7,1,funny,1445714994"],
}


def write(folder: Path, files: dict[str, list[str]], **changes: list[str] | None) -> Path:
    """Write a data set; `changes` are by file name with its dots as underscores; None: no file."""
    for name, lines in files.items():
        lines = changes.get(name.replace(".", "_"), lines)
        if lines is not None:
            utf_8 = name.endswith("csv") or files is TEN
            encoding = "utf-8" if utf_8 else "latin-1"
            (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding=encoding)
    return folder
