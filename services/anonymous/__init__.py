"""The door for people without an account: they report, get a receipt, and go on with it alone (R0.3, R4.12).

Nothing here may keep or log who they are. Times are kept by day, files lose their names and their makers' traces.
"""
