package org.ownprint.example

import android.app.Application
import android.net.Uri
import androidx.lifecycle.AndroidViewModel
import androidx.lifecycle.viewModelScope
import java.io.IOException
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import org.ownprint.Fingerprint
import org.ownprint.Options
import org.ownprint.Ownprint
import org.ownprint.OwnprintException
import org.ownprint.android.fingerprint

/** What the screen shows. */
sealed interface Shown {
    data object Nothing : Shown
    data object Working : Shown
    data class Done(val fingerprint: Fingerprint) : Shown
    data class Failed(val sentence: String) : Shown
}

/** One image at a time: a new one ends the work on the last. */
class FingerprintModel(application: Application) : AndroidViewModel(application) {
    private val ownprint = Ownprint(Options(algorithms = listOf("pdq")))
    private val state = MutableStateFlow<Shown>(Shown.Nothing)
    private var work: Job? = null

    val shown: StateFlow<Shown> = state.asStateFlow()

    fun choose(uri: Uri) {
        work?.cancel()
        state.value = Shown.Working
        work = viewModelScope.launch {
            state.value = try {
                val resolver = getApplication<Application>().contentResolver
                Shown.Done(ownprint.fingerprint(resolver, uri, platformDecode = true))
            } catch (error: OwnprintException) {
                Shown.Failed(error.message)
            } catch (error: IOException) {
                Shown.Failed(error.message ?: "the image cannot be read")
            } catch (error: SecurityException) {
                Shown.Failed("this app may not read that image any more; choose it again")
            }
        }
    }

    override fun onCleared() = ownprint.close()
}
