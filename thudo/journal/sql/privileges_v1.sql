-- What the application's role may do to the journal where it is not the owner of the tables
-- (run as the owner; thudo_app stands for the role's name). The column grant is the sequencer's.
REVOKE ALL ON journal_entry FROM thudo_app;
GRANT SELECT, INSERT ON journal_entry TO thudo_app;
GRANT UPDATE (position) ON journal_entry TO thudo_app;
GRANT USAGE ON SEQUENCE journal_entry_number_seq TO thudo_app;
GRANT SELECT, INSERT, UPDATE ON journal_sequence, journal_follower TO thudo_app;
