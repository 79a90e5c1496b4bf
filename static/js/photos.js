// Photos of a form: shown as soon as they are taken, made small before they are sent, and each can be left out again.
// On a slow line a photo as a phone takes it would be minutes under way; drawing it anew also drops where it was taken.
// What cannot be drawn goes as it is, and the server says what is wrong with it.
const LONGEST = 1600; // pixels
const field = document.getElementById("id_photos");

if (field) {
  const pattern = document.getElementById("photo");
  const kept = new DataTransfer();

  field.addEventListener("change", async (event) => {
    event.stopPropagation(); // that there is a photo changes nothing of where the case goes
    const chosen = [...field.files];
    field.files = kept.files;
    for (const file of chosen) show(await shrunk(file));
  });

  function show(file) {
    const figure = pattern.content.firstElementChild.cloneNode(true);
    const picture = figure.querySelector("img");
    picture.src = URL.createObjectURL(file);
    picture.alt = file.name;
    figure.querySelector("button").addEventListener("click", () => {
      URL.revokeObjectURL(picture.src);
      kept.items.remove([...kept.files].indexOf(file));
      field.files = kept.files;
      figure.remove();
      field.focus();
    });
    kept.items.add(file);
    field.files = kept.files;
    field.closest(".photos").append(figure);
  }
}

async function shrunk(file) {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const small = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.82 });
    return new File([small], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file;
  }
}
