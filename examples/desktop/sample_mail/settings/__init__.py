"""The program's settings: what there is (document.json, the same as the vendor uploaded), what the user chose, what counts.

known   the document: titles, pages, limits
chosen  what the user himself chose, in a file of his
counts  both and the company's together: which value counts, whether it is locked and why; used and reported
"""
