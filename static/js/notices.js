// In the service worker: what the server pushes is shown, and a tap opens its page.

export function showNotices(icon) {
  addEventListener("push", (event) => event.waitUntil(show(event.data, icon)));
  addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(open(event.notification.data?.url));
  });
}

// A browser takes the permission away from those who are sent something and show nothing.
function show(data, icon) {
  const { title, body, url, tag } = read(data);
  return registration.showNotification(title || "networkcrm", {
    body,
    tag,
    data: { url },
    icon,
  });
}

function read(data) {
  try {
    return data.json() ?? {};
  } catch {
    return {};
  }
}

async function open(path) {
  const url = new URL(path || "/", location.origin);
  // Whatever was sent: it is a page of ours.
  const href = url.origin === location.origin ? url.href : location.origin;
  const windows = await clients.matchAll({ type: "window" });
  const there = windows.find((one) => one.url === href);
  if (there) return there.focus();
  return clients.openWindow(href);
}

/** Nobody who has signed out gets notices here. */
export async function forgetNotices() {
  const subscription = await registration.pushManager?.getSubscription();
  await subscription?.unsubscribe();
}
