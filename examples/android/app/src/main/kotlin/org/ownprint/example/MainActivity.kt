package org.ownprint.example

import android.content.ClipData
import android.content.ClipboardManager
import android.content.Context
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.compose.setContent
import androidx.activity.result.PickVisualMediaRequest
import androidx.activity.result.contract.ActivityResultContracts.PickVisualMedia
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.foundation.text.selection.SelectionContainer
import androidx.compose.material3.Button
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.unit.dp
import androidx.lifecycle.viewmodel.compose.viewModel
import org.ownprint.PdqHash

class MainActivity : ComponentActivity() {
    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContent { MaterialTheme { Screen() } }
    }
}

@Composable
private fun Screen(model: FingerprintModel = viewModel()) {
    val state by model.state.collectAsState()
    // The system's picker passes one image to the app; the app does not see the others.
    val picker =
        rememberLauncherForActivityResult(PickVisualMedia()) { uri -> uri?.let(model::choose) }
    Column(Modifier.safeDrawingPadding().padding(24.dp), Arrangement.spacedBy(16.dp)) {
        Text(stringResource(R.string.promise))
        Button(onClick = { picker.launch(PickVisualMediaRequest(PickVisualMedia.ImageOnly)) }) {
            Text(stringResource(R.string.pick))
        }
        when (val current = state) {
            ScreenState.Empty -> Unit
            ScreenState.Working -> Text(stringResource(R.string.working))
            is ScreenState.Failed -> Text(current.message, color = MaterialTheme.colorScheme.error)
            is ScreenState.Done -> {
                val image = current.fingerprint.image
                val pdq = image?.pdq
                if (pdq == null) {
                    Text(current.fingerprint.error?.message ?: stringResource(R.string.no_hash))
                } else {
                    Result(pdq, image.info.deterministic)
                }
            }
        }
    }
}

/** A hash is always shown and copied with its quality. */
@Composable
private fun Result(pdq: PdqHash, deterministic: Boolean) {
    val context = LocalContext.current
    SelectionContainer { Text(pdq.hex, fontFamily = FontFamily.Monospace) }
    Text(stringResource(R.string.quality, pdq.quality))
    if (pdq.quality < 50) Text(stringResource(R.string.low_quality))
    if (!deterministic) Text(stringResource(R.string.nondeterministic))
    OutlinedButton(onClick = { copy(context, "pdq ${pdq.hex} quality ${pdq.quality}") }) {
        Text(stringResource(R.string.copy))
    }
}

private fun copy(context: Context, text: String) {
    val clipboard = context.getSystemService(ClipboardManager::class.java)
    clipboard.setPrimaryClip(ClipData.newPlainText("ownprint", text))
}
