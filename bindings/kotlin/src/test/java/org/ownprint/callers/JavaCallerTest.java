package org.ownprint.callers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ownprint.Comparison;
import org.ownprint.CsvTable;
import org.ownprint.Digest;
import org.ownprint.DigestAlgorithm;
import org.ownprint.ExifOrientation;
import org.ownprint.FileResult;
import org.ownprint.Fingerprint;
import org.ownprint.FingerprintRecord;
import org.ownprint.Fingerprinter;
import org.ownprint.FrameLayout;
import org.ownprint.HashAlgorithm;
import org.ownprint.HashIndex;
import org.ownprint.HashLists;
import org.ownprint.Hit;
import org.ownprint.ManyFiles;
import org.ownprint.Options;
import org.ownprint.Ownprint;
import org.ownprint.OwnprintException;
import org.ownprint.PdqHash;
import org.ownprint.PixelLayout;
import org.ownprint.Records;
import org.ownprint.VpdqFrame;
import org.ownprint.VpdqHasher;
import org.ownprint.YuvMatrix;
import org.ownprint.YuvRange;

/** Java calls every function without coroutines, and catches {@link OwnprintException}, a checked exception. */
class JavaCallerTest {
    private static final Path PHOTO = Path.of("../../examples/images/hills.jpg");
    private static final PixelLayout GRAY =
            new PixelLayout(64, 64, PixelLayout.Format.L8, null, ExifOrientation.NORMAL);

    @Test
    void callsAndCatches(@TempDir Path folder) throws IOException {
        try (Fingerprinter fingerprinter = new Fingerprinter()) {
            fingerprinter.fingerprintBlocking(folder.resolve("nothing.jpg"));
            fail("a file that does not exist was read");
        } catch (OwnprintException error) {
            assertEquals("io", error.getCode());
            assertFalse(error.getMessage().isEmpty());
        }
    }

    @Test
    void catchesWhereFilesAreNotRead() {
        try {
            Ownprint.distance("00", "0000");
            fail("hashes of different lengths were compared");
        } catch (OwnprintException error) {
            assertEquals("not-comparable", error.getCode());
        }
        try {
            HashAlgorithm.parse("sift");
            fail("an unknown name was parsed");
        } catch (OwnprintException error) {
            assertEquals("unknown-algorithm", error.getCode());
        }
        try {
            FingerprintRecord.fromJson("{}");
            fail("an invalid record was read");
        } catch (OwnprintException error) {
            assertEquals("invalid-record", error.getCode());
        }
        try (HashIndex index = HashIndex.loadBlocking(Path.of("nothing.index"))) {
            fail("loaded " + index.getSize());
        } catch (OwnprintException error) {
            assertEquals("io", error.getCode());
        }
        try (VpdqHasher hasher = VpdqHasher.byFrames(0.0)) {
            fail("an invalid rate was accepted: " + hasher);
        } catch (OwnprintException error) {
            assertEquals("invalid-video", error.getCode());
        }
    }

    @Test
    void everyKindOfInput() throws IOException, OwnprintException {
        byte[] bytes = Files.readAllBytes(PHOTO);
        List<Long> progress = new ArrayList<>();
        Options options = new Options(List.of(HashAlgorithm.PDQ), List.of(DigestAlgorithm.SHA256));
        try (Fingerprinter fingerprinter = new Fingerprinter(options)) {
            Fingerprint expected = fingerprinter.fingerprintBlocking(PHOTO, progress::add);
            assertEquals((long) bytes.length, progress.get(progress.size() - 1));
            assertEquals(expected, fingerprinter.fingerprintBlocking(PHOTO.toFile()));
            assertEquals(expected, fingerprinter.fingerprintBlocking(new ByteArrayInputStream(bytes)));
            assertEquals(expected, fingerprinter.fingerprintBlocking(ByteBuffer.wrap(bytes)));
            assertEquals(expected, fingerprinter.fingerprintBlocking(bytes));
            List<Digest> digests = fingerprinter.digestsBlocking(PHOTO);
            assertEquals(expected.getDigests(), digests);
            assertEquals(digests, fingerprinter.digestsBlocking(new ByteArrayInputStream(bytes)));
            Fingerprint pixels = fingerprinter.fingerprintPixelsBlocking(ByteBuffer.allocateDirect(64 * 64), GRAY);
            assertTrue(pixels.getDigests().isEmpty());
        }
        Fingerprint fingerprint = Ownprint.fingerprintBlocking(PHOTO);
        PdqHash pdq = fingerprint.getImage().getPdq();
        assertEquals(100, pdq.getQuality());
        assertEquals(pdq.getHex(), fingerprint.hash(HashAlgorithm.PDQ).getHex());
        Comparison comparison = Ownprint.compare(HashAlgorithm.PDQ, pdq.getHex(), pdq.getHex());
        assertTrue(comparison.isMatch());
    }

    @Test
    void manyFiles(@TempDir Path folder) throws OwnprintException {
        List<Path> paths = List.of(PHOTO, folder.resolve("nothing.jpg"));
        List<String> lines = new ArrayList<>();
        try (Fingerprinter fingerprinter = new Fingerprinter()) {
            ManyFiles.fingerprintAllBlocking(fingerprinter, paths, 1, result -> {
                if (result instanceof FileResult.Success) {
                    Fingerprint fingerprint = ((FileResult.Success<Path>) result).getFingerprint();
                    lines.add("quality " + fingerprint.getImage().getPdq().getQuality());
                } else {
                    Exception error = ((FileResult.Failure<Path>) result).getError();
                    lines.add(((OwnprintException) error).getCode());
                }
            });
        }
        assertEquals(List.of("quality 100", "io"), lines);
    }

    @Test
    void recordsListsAndIndexes(@TempDir Path folder) throws IOException, OwnprintException {
        FingerprintRecord record = new FingerprintRecord("hills.jpg", Ownprint.fingerprintBlocking(PHOTO));
        assertEquals(record, FingerprintRecord.fromJson(record.toJson()));
        CsvTable table = new CsvTable(List.of(HashAlgorithm.PDQ), List.of(DigestAlgorithm.MD5));
        byte[] csv = (table.getHeader() + table.row(record)).getBytes();
        assertEquals("hills.jpg", Records.readCsv(csv).get(0).getPath());
        assertEquals(1, HashLists.readListBlocking(new ByteArrayInputStream(csv)).size());
        Path saved = folder.resolve("known.index");
        String hex = record.hash(HashAlgorithm.PDQ).getHex();
        assertEquals("pdq " + hex, HashLists.threatExchangeLine(record.hash(HashAlgorithm.PDQ)));
        try (HashIndex index = new HashIndex()) {
            assertEquals(1, index.insertListBlocking(csv));
            assertEquals(1, index.insertListBlocking(new ByteArrayInputStream(csv)));
            index.insert("0".repeat(64));
            index.saveBlocking(saved);
        }
        try (HashIndex index = HashIndex.loadBlocking(saved)) {
            List<Hit> hits = index.within(hex);
            assertEquals(List.of("hills.jpg", "hills.jpg"), List.of(hits.get(0).getPayload(), hits.get(1).getPayload()));
            assertEquals(List.of(List.of(0, 1)), index.groupsBlocking());
        }
    }

    @Test
    void videos() throws OwnprintException {
        FrameLayout layout = FrameLayout.nv12(64, 64, YuvMatrix.BT709, YuvRange.FULL);
        try (VpdqHasher hasher = VpdqHasher.bySeconds()) {
            assertTrue(hasher.wants(0, 0.0));
            hasher.update(0, 0.0, ByteBuffer.allocate(64 * 64 * 3 / 2), layout);
            List<VpdqFrame> frames = hasher.doFinal();
            assertEquals(64, frames.get(0).getFeature().getHex().length());
            assertThrows(OwnprintException.class, hasher::doFinal);
        }
    }

    @Test
    void optionsThatAreNotSetAreNull() throws OwnprintException {
        assertNull(new Options().getHashes());
        assertEquals(List.of(HashAlgorithm.PDQ), Ownprint.defaultOptions().getHashes());
    }
}
