"""Pure decisions about notices: what may be followed, what is news, when it is tried again.

topics     what somebody may follow: petition:<number>, area:<code>, near:<cell>
news       which journal entries are news, and for which topics
timing     when a notice goes out, and when it is tried again
marks      the shape and the word of a petition's state in a short list
"""
