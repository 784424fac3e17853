-- Stores read what changed in this order, page by page: the index has it so that
-- no plan goes through all curves instead.
DROP INDEX curves_changed_revision;
CREATE INDEX curves_changed ON curves (changed_revision, id);
