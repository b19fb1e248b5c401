"""`motcua doctor`: looks whether everything that this installation needs is there, and says what to do where it is not.

A file a subject, each with one function that is listed in `examination.py`. Nothing is changed, nothing is sent to
anybody, and no secret is printed. It works beside a running server, and where there is none.
"""
