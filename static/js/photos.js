// Photos of a form: shown as soon as they are taken, made small before they are sent, and each can be left out again.
// On a slow line a photo as a phone takes it would be minutes under way; drawing it anew also drops where it was taken.
// What cannot be drawn goes as it is, and the server says what is wrong with it.
const LONGEST = 1600; // pixels
const SHOWN = 192;
const field = document.getElementById("id_photos");

if (field) {
  const pattern = document.getElementById("photo");
  const kept = new DataTransfer();

  field.addEventListener("change", async (event) => {
    event.stopPropagation(); // that there is a photo changes nothing of where the case goes
    const chosen = [...field.files];
    field.files = kept.files;
    for (const file of chosen) await keep(file);
  });

  async function keep(file) {
    const picture = await createImageBitmap(file).catch(() => null);
    const small = picture ? new File([await drawn(picture, LONGEST)], name(file), { type: "image/jpeg" }) : file;
    kept.items.add(small);
    field.files = kept.files;
    const figure = pattern.content.firstElementChild.cloneNode(true);
    const image = figure.querySelector("img");
    image.alt = file.name;
    if (picture) image.src = await address(await drawn(picture, SHOWN));
    figure.querySelector("button").addEventListener("click", () => {
      kept.items.remove([...kept.files].indexOf(small));
      field.files = kept.files;
      figure.remove();
      field.focus();
    });
    field.closest(".photos").append(figure);
  }
}

async function drawn(picture, longest) {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.82 });
}

function name(file) {
  return file.name.replace(/\.[^.]*$/, "") + ".jpg";
}

// A picture of the page itself: the policy of the site lets no other be shown.
function address(blob) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result));
    reader.readAsDataURL(blob);
  });
}
