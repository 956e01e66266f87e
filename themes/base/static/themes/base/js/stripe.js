/* Begins the payment, lets Stripe draw its fields, and hands what the buyer typed from Stripe's frames to Stripe. */
(() => {
  const form = document.getElementById("stripe-payment");
  if (!form) return;
  const button = form.querySelector("button"), problem = document.getElementById("stripe-problem");
  let stripe, elements;

  const complain = (text) => {
    problem.textContent = text || "";
    problem.hidden = !text;
    button.disabled = !elements;
  };

  const begin = async () => {
    stripe = window.Stripe(form.dataset.key, { locale: form.dataset.language.split("-")[0] }); // which may not have come
    const answer = await fetch(location.pathname, { method: "POST", body: new FormData(form), redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const begun = await answer.json();
    elements = stripe.elements({ clientSecret: begun.client_secret, customerSessionClientSecret: begun.customer_session });
    const fields = elements.create("payment");
    fields.on("ready", () => { document.getElementById("stripe-fields").removeAttribute("aria-busy"); complain(""); });
    fields.mount("#stripe-fields");
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    const { error } = await stripe.confirmPayment({ elements, confirmParams: { return_url: form.dataset.return } });
    complain(error && error.message);
  });

  begin().catch(() => complain(form.dataset.problem));
})();
