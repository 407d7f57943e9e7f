"""An audit run from registration to document.

`registration` fixes everything before a label is read; `panel` gathers what is
measured; `measuring` turns it into statistics; `execution` carries a run out;
`document` writes it down so that it can be run again.
"""
