"""The canonical genres and moods. The feature manifest names the same slugs."""

GENRES = {
    "action": "Action",
    "adventure": "Adventure",
    "animation": "Animation",
    "childrens": "Children’s",
    "comedy": "Comedy",
    "crime": "Crime",
    "documentary": "Documentary",
    "drama": "Drama",
    "fantasy": "Fantasy",
    "film-noir": "Film noir",
    "horror": "Horror",
    "musical": "Musical",
    "mystery": "Mystery",
    "romance": "Romance",
    "sci-fi": "Science fiction",
    "thriller": "Thriller",
    "war": "War",
    "western": "Western",
}
MOODS = {
    "tense": "Tense",
    "warm": "Warm",
    "playful": "Playful",
    "dark": "Dark",
    "epic": "Epic",
    "tender": "Tender",
}
