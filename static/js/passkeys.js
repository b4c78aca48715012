// Say in a sentence what went wrong with a passkey.
const sentences = {
  NotAllowedError: "No passkey was used. Try again when you are ready.",
  InvalidStateError: "This device has a passkey for this account already.",
  NotSupportedError: "This browser cannot make the kind of passkey that is needed.",
  SecurityError:
    "Passkeys need an address with a name and https. On your own machine, open this page at http://localhost instead of 127.0.0.1.",
};

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const { exception } = event.detail;
  const box = document.getElementById("messages");
  const line = document.createElement("p");
  line.textContent = sentences[exception.name] ?? "The passkey could not be read. Try again.";
  const message = document.createElement("div");
  message.className = "message error";
  message.append(line);
  box.replaceChildren(message);
});
