// Prints the PDQ hashes of files.
import java.nio.file.Path
import org.ownprint.Ownprint

suspend fun main(paths: Array<String>) {
    for (path in paths) {
        println(Ownprint.fingerprint(Path.of(path)).image?.pdq?.hex)
    }
}
