-- What a span of blindness counts by class or severity: JSON, or nothing where the sensor told no more than a sum.
ALTER TABLE blinds ADD COLUMN counts TEXT;
