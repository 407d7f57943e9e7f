"""An audit run from registration to document.

`registration` fixes everything before a label is read; `panel` gathers what is
measured; `measuring` and `steps` make the tests, and `recording` collects their statistics;
`execution` carries a run out; `document` writes it as JSON, `checking` reads such a file,
and `versions` says which code and libraries computed it.
"""
