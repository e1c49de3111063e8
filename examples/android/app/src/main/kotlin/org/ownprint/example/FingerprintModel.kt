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
import org.ownprint.Fingerprinter
import org.ownprint.HashAlgorithm
import org.ownprint.Options
import org.ownprint.Ownprint
import org.ownprint.OwnprintException
import org.ownprint.android.fingerprint

/** The state of the screen. */
sealed interface ScreenState {
    data object Empty : ScreenState

    data object Working : ScreenState

    data class Done(val fingerprint: Fingerprint) : ScreenState

    data class Failed(val message: String) : ScreenState
}

/** Fingerprints one image at a time. A new image cancels the work on the last one. */
class FingerprintModel(application: Application) : AndroidViewModel(application) {
    private var fingerprinter: Fingerprinter? = null
    private val mutableState = MutableStateFlow<ScreenState>(ScreenState.Empty)
    private var work: Job? = null

    val state: StateFlow<ScreenState> = mutableState.asStateFlow()

    fun choose(uri: Uri) {
        work?.cancel()
        mutableState.value = ScreenState.Working
        work =
            viewModelScope.launch {
                mutableState.value =
                    try {
                        val resolver = getApplication<Application>().contentResolver
                        ScreenState.Done(opened().fingerprint(resolver, uri))
                    } catch (error: OwnprintException) {
                        ScreenState.Failed(error.message)
                    } catch (error: IOException) {
                        ScreenState.Failed(error.message ?: "the image cannot be read")
                    } catch (error: SecurityException) {
                        ScreenState.Failed("this app may no longer read the image; choose it again")
                    }
            }
    }

    /** Loads the native library outside of the main thread. */
    private suspend fun opened(): Fingerprinter {
        Ownprint.load()
        return fingerprinter
            ?: Fingerprinter(Options(hashes = listOf(HashAlgorithm.PDQ))).also {
                fingerprinter = it
            }
    }

    override fun onCleared() {
        fingerprinter?.close()
    }
}
