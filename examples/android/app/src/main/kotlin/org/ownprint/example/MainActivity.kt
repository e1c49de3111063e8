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
import org.ownprint.PerceptualHash

class MainActivity : ComponentActivity() {
    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContent { MaterialTheme { Screen() } }
    }
}

@Composable
private fun Screen(model: FingerprintModel = viewModel()) {
    val shown by model.shown.collectAsState()
    // The system's picker hands over one image; the app never sees the others.
    val picker = rememberLauncherForActivityResult(PickVisualMedia()) { uri -> uri?.let(model::choose) }
    Column(Modifier.safeDrawingPadding().padding(24.dp), Arrangement.spacedBy(16.dp)) {
        Text(stringResource(R.string.promise))
        Button(onClick = { picker.launch(PickVisualMediaRequest(PickVisualMedia.ImageOnly)) }) {
            Text(stringResource(R.string.pick))
        }
        when (val state = shown) {
            Shown.Nothing -> Unit
            Shown.Working -> Text(stringResource(R.string.working))
            is Shown.Failed -> Text(state.sentence, color = MaterialTheme.colorScheme.error)
            is Shown.Done -> {
                val hash = state.fingerprint.hash("pdq")
                if (hash == null) Text(stringResource(R.string.no_hash)) else Result(hash, state.fingerprint.image?.exact != false)
            }
        }
    }
}

/** A hash is never shown or copied without its quality. */
@Composable
private fun Result(hash: PerceptualHash, exact: Boolean) {
    val context = LocalContext.current
    val quality = hash.quality ?: 0
    SelectionContainer { Text(hash.hex, fontFamily = FontFamily.Monospace) }
    Text(stringResource(R.string.quality, quality))
    if (quality < 50) Text(stringResource(R.string.plain))
    if (!exact) Text(stringResource(R.string.inexact))
    OutlinedButton(onClick = { copy(context, "${hash.algorithm} ${hash.hex} quality $quality") }) {
        Text(stringResource(R.string.copy))
    }
}

private fun copy(context: Context, text: String) {
    val clipboard = context.getSystemService(ClipboardManager::class.java)
    clipboard.setPrimaryClip(ClipData.newPlainText("ownprint", text))
}
