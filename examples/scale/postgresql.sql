-- Hashes in PostgreSQL 14 or newer, without an extension.

CREATE TABLE IF NOT EXISTS hashes (
    id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    path text PRIMARY KEY,
    pdq bit(256),           -- null if the file could not be decoded
    pdq_quality smallint,
    md5 bytea,
    warnings text[],        -- codes, such as not-an-image
    error_code text
);

-- The index table of multi-index look-ups (Norouzi, Punjani, Fleet, 2014): sixteen words of 16 bits
-- of each hash. If each word of two hashes differed by two bits, their distance would be 32. So up
-- to a distance of 31, they have a word that differs by one bit or none.
CREATE TABLE IF NOT EXISTS words (
    number smallint,
    word integer,
    id bigint,
    PRIMARY KEY (number, word, id)
);

CREATE OR REPLACE FUNCTION words_of(pdq bit(256))
RETURNS TABLE (number smallint, word integer) LANGUAGE sql IMMUTABLE AS $$
    SELECT n::smallint, substring(pdq FROM 16 * n + 1 FOR 16)::bit(16)::integer
    FROM generate_series(0, 15) AS numbers(n)
$$;

-- The words follow the hashes. Exchanges do not match hashes with a quality below 50. A hash is
-- never updated: delete its row and insert it again.
CREATE OR REPLACE FUNCTION insert_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO words SELECT w.number, w.word, added.id
    FROM added, words_of(added.pdq) AS w WHERE added.pdq_quality >= 50;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION delete_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM words USING removed, words_of(removed.pdq) AS w
    WHERE words.number = w.number AND words.word = w.word AND words.id = removed.id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER insert_words AFTER INSERT ON hashes
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION insert_words();

CREATE OR REPLACE TRIGGER delete_words AFTER DELETE ON hashes
REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION delete_words();

-- Hashes within a distance of up to 31: 17 values of each word, each found by the primary key.
CREATE OR REPLACE FUNCTION similar_to(query bit(256), radius integer DEFAULT 31)
RETURNS TABLE (path text, distance integer) LANGUAGE sql STABLE AS $$
    WITH probes AS (
        SELECT w.number, w.word # bits.bit AS word FROM words_of(query) AS w,
        (SELECT 0 AS bit UNION ALL SELECT 1 << n FROM generate_series(0, 15) AS ones(n)) AS bits
    ),
    candidates AS (
        SELECT DISTINCT words.id FROM probes JOIN words USING (number, word)
    )
    SELECT h.path, bit_count(h.pdq # query)::integer AS distance
    FROM candidates JOIN hashes AS h USING (id)
    WHERE bit_count(h.pdq # query) <= least(radius, 31) ORDER BY 2, 1
$$;

-- The same without the index table: compares with every row.
CREATE OR REPLACE FUNCTION similar_to_any(query bit(256), radius integer DEFAULT 31)
RETURNS TABLE (path text, distance integer) LANGUAGE sql STABLE AS $$
    SELECT path, bit_count(pdq # query)::integer FROM hashes
    WHERE pdq_quality >= 50 AND bit_count(pdq # query) <= radius ORDER BY 2, 1
$$;

-- Rows arrive by COPY, and may arrive twice.
CREATE TEMP TABLE IF NOT EXISTS arrived AS
SELECT path, pdq, pdq_quality, md5, warnings, error_code FROM hashes WITH NO DATA;
